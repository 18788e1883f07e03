import type { Difference } from '../contracts/run-report.js';
import { equalJson, getAt, getKey, hasKey, isList, isObject, type Json, type JsonObject } from '../model/json.js';
import type { Path } from '../model/path.js';
import { type Directives, directivesOf, isDirective, NO_DIRECTIVES } from './directives.js';
import { lastAppliedOf } from './last-applied.js';
import { hashSecret, isSecretPath } from './secret.js';

/**
 * Every place where the target says something else than the resource; empty when the resource is as it should be. What
 * only the resource has is ignored, and so are owner references. Reads the directives in the target. Never throws.
 */
export function compareResource(target: JsonObject, actual: JsonObject): readonly Difference[] {
  const comparison = new TargetComparison(target, actual);
  comparison.mapping(target, actual);
  return comparison.differences;
}

/**
 * Every place where two values are not the same, fields that only one of them has included, null being a value like any
 * other. Reads the directives in what is expected; `compare-last-applied` says nothing here.
 */
export function compareExactly(expected: Json, actual: Json | undefined): readonly Difference[] {
  const comparison = new ExactComparison();
  comparison.value(expected, actual);
  return comparison.differences;
}

abstract class Walk {
  readonly differences: Difference[] = [];
  /** Where the comparison is now; copied only when there is something to tell. */
  protected readonly path: (string | number)[] = [];

  abstract mapping(target: JsonObject, actual: JsonObject): void;
  protected abstract same(target: Json, actual: Json | undefined): boolean;

  value(target: Json, actual: Json | undefined): void {
    if (isObject(target) && isObject(actual)) this.mapping(target, actual);
    else if (isList(target) && isList(actual)) this.#list(target, actual);
    else if (!this.same(target, actual)) this.differs(target, actual);
  }

  /** Compares what lies under a key, the way that the directives say. */
  protected field(key: string, target: Json, actual: Json | undefined, directives: Directives): void {
    if (directives === NO_DIRECTIVES) {
      this.value(target, actual);
      return;
    }
    const { asSet, asMap } = directives;
    const fields = asMap.get(key);
    if (asSet.has(key) && isList(target) && isList(actual)) this.#set(target, actual);
    else if (fields !== undefined && isList(target) && isList(actual)) this.#keyed(target, actual, fields);
    else this.value(target, actual);
  }

  protected differs(target: Json | undefined, actual: Json | undefined): void {
    this.differences.push({ path: this.path.slice(), target, actual });
  }

  #list(target: readonly Json[], actual: readonly Json[]): void {
    for (let index = 0; index < Math.max(target.length, actual.length); index += 1) {
      const wanted = target[index];
      this.path.push(index);
      if (wanted === undefined || index >= actual.length) this.differs(wanted, actual[index]);
      else this.value(wanted, actual[index]);
      this.path.pop();
    }
  }

  #set(target: readonly Json[], actual: readonly Json[]): void {
    if (!holdsAll(target, actual) || !holdsAll(actual, target)) this.differs(target, actual);
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
      this.path.push(index);
      this.value(entry, byKey.get(keyOf(entry, fields))?.shift());
      this.path.pop();
    }
  }
}

class TargetComparison extends Walk {
  readonly #target: JsonObject;
  readonly #actual: JsonObject;
  #lastApplied: { readonly value: JsonObject | undefined } | undefined;

  constructor(target: JsonObject, actual: JsonObject) {
    super();
    this.#target = target;
    this.#actual = actual;
  }

  mapping(target: JsonObject, actual: JsonObject): void {
    const directives = directivesOf(target);
    const isPlain = directives === NO_DIRECTIVES;
    for (const key of Object.keys(target)) {
      const wanted = target[key];
      if (wanted === undefined || (!isPlain && isDirective(key))) continue;
      this.path.push(key);
      if (!isPlain && directives.lastApplied.has(key)) {
        this.field(key, this.#asRecorded(wanted), this.#lastAppliedHere(), directives);
      } else if (!isOwnerReferences(this.path)) {
        this.field(key, wanted, getKey(actual, key), directives);
      }
      this.path.pop();
    }
  }

  protected same(target: Json, actual: Json | undefined): boolean {
    return target === (actual ?? null);
  }

  #asRecorded(target: Json): Json {
    return isSecretPath(this.#target.kind, this.path) ? hashSecret(target, this.#target) : target;
  }

  #lastAppliedHere(): Json | undefined {
    this.#lastApplied ??= { value: lastAppliedOf(this.#actual) };
    return getAt(this.#lastApplied.value, this.path);
  }
}

class ExactComparison extends Walk {
  mapping(expected: JsonObject, actual: JsonObject): void {
    const directives = directivesOf(expected);
    for (const key of Object.keys(expected)) {
      const wanted = expected[key];
      if (isDirective(key) || wanted === undefined) continue;
      this.path.push(key);
      this.field(key, wanted, getKey(actual, key), directives);
      this.path.pop();
    }
    for (const key of Object.keys(actual)) {
      if (hasKey(expected, key)) continue;
      this.path.push(key);
      this.differs(undefined, actual[key]);
      this.path.pop();
    }
  }

  protected same(expected: Json, actual: Json | undefined): boolean {
    return expected === actual;
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
