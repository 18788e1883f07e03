import type { Difference } from '../contracts/run-report.js';
import { equalJson, getAt, getKey, isList, isObject, type Json, type JsonObject } from '../model/json.js';
import type { Path } from '../model/path.js';
import { type Directives, directivesOf, isDirective } from './directives.js';
import { lastAppliedOf } from './last-applied.js';
import { hashSecret, isSecretPath } from './secret.js';

/**
 * Every place where the target says something else than the resource; empty when the resource is as it should be. What
 * only the resource has is ignored, and so are owner references. Reads the directives in the target. Never throws.
 */
export function compareResource(target: JsonObject, actual: JsonObject): readonly Difference[] {
  const comparison = new Comparison(target, actual);
  comparison.mapping(target, actual);
  return comparison.differences;
}

class Comparison {
  readonly differences: Difference[] = [];
  /** Where the comparison is now; copied only when there is something to tell. */
  readonly #path: (string | number)[] = [];
  readonly #root: JsonObject;
  readonly #actualRoot: JsonObject;
  #lastApplied: { readonly value: JsonObject | undefined } | undefined;

  constructor(target: JsonObject, actual: JsonObject) {
    this.#root = target;
    this.#actualRoot = actual;
  }

  mapping(target: JsonObject, actual: JsonObject): void {
    const directives = directivesOf(target);
    for (const key of Object.keys(target)) {
      const wanted = target[key];
      if (isDirective(key) || wanted === undefined) continue;
      this.#path.push(key);
      if (!isOwnerReferences(this.#path)) this.#field(key, wanted, getKey(actual, key), directives);
      this.#path.pop();
    }
  }

  #field(key: string, target: Json, actual: Json | undefined, directives: Directives): void {
    const recorded = directives.lastApplied.has(key);
    const wanted = recorded ? this.#asRecorded(target) : target;
    const found = recorded ? this.#lastAppliedHere() : actual;
    const fields = directives.asMap.get(key);
    if (directives.asSet.has(key) && isList(wanted) && isList(found)) this.#set(wanted, found);
    else if (fields !== undefined && isList(wanted) && isList(found)) this.#keyed(wanted, found, fields);
    else this.#value(wanted, found);
  }

  #value(target: Json, actual: Json | undefined): void {
    if (isObject(target) && isObject(actual)) this.mapping(target, actual);
    else if (isList(target) && isList(actual)) this.#list(target, actual);
    else if (target !== (actual ?? null)) this.#differs(target, actual);
  }

  #list(target: readonly Json[], actual: readonly Json[]): void {
    for (let index = 0; index < Math.max(target.length, actual.length); index += 1) {
      this.#path.push(index);
      const wanted = target[index];
      if (wanted === undefined || index >= actual.length) this.#differs(wanted, actual[index]);
      else this.#value(wanted, actual[index]);
      this.#path.pop();
    }
  }

  #set(target: readonly Json[], actual: readonly Json[]): void {
    if (!holdsAll(target, actual) || !holdsAll(actual, target)) this.#differs(target, actual);
  }

  /** Entries of one key are matched in their order; what only the actual list has is no difference. */
  #keyed(target: readonly Json[], actual: readonly Json[], fields: readonly string[]): void {
    const byKey = new Map<string, Json[]>();
    for (const entry of actual) {
      const key = keyOf(entry, fields);
      const sameKey = byKey.get(key);
      if (sameKey === undefined) byKey.set(key, [entry]);
      else sameKey.push(entry);
    }
    for (const [index, entry] of target.entries()) {
      this.#path.push(index);
      this.#value(entry, byKey.get(keyOf(entry, fields))?.shift());
      this.#path.pop();
    }
  }

  #asRecorded(target: Json): Json {
    const secret = isSecretPath(this.#root.kind, this.#path);
    return secret ? hashSecret(target, this.#root) : target;
  }

  #lastAppliedHere(): Json | undefined {
    this.#lastApplied ??= { value: lastAppliedOf(this.#actualRoot) };
    return getAt(this.#lastApplied.value, this.#path);
  }

  #differs(target: Json | undefined, actual: Json | undefined): void {
    this.differences.push({ path: [...this.#path], target, actual });
  }
}

function isOwnerReferences(path: Path): boolean {
  return path.length === 2 && path[0] === 'metadata' && path[1] === 'ownerReferences';
}

function holdsAll(list: readonly Json[], items: readonly Json[]): boolean {
  const held = new Set(list);
  return items.every((item) => {
    if (held.has(item)) return true;
    return typeof item === 'object' && list.some((other) => equalJson(other, item));
  });
}

function keyOf(entry: Json, fields: readonly string[]): string {
  if (!isObject(entry)) return JSON.stringify(entry);
  return JSON.stringify(fields.map((field) => [getKey(entry, field) ?? null]));
}
