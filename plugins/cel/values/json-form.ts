import {
  type Budget,
  type ExactValue,
  Float,
  integerValue,
  type Json,
  setKey,
  textSteps,
} from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import { Bytes } from './bytes.js';
import { KeyedMap } from './keyed-map.js';
import { Sequence } from './sequence.js';
import { Special } from './special.js';
import { Duration, Timestamp } from './time.js';
import { TypeValue } from './type-value.js';
import { Uint } from './uint.js';
import type { Value, ValueMapping } from './value.js';

/** Lists and mappings inside one another; a value that is deeper has no JSON form. */
const MAX_DEPTH = 500;

/** How a form of values writes what JSON has no form for. */
interface FormRules {
  readonly number: (number: number | bigint | Float) => ExactValue;
  readonly special: (special: Special, budget: Budget) => ExactValue;
}

/**
 * The value as plain JSON, as results of expressions are. Timestamps are RFC 3339 text, durations text in seconds
 * (`90s`), bytes base64 text, types their name, uints numbers; keys of mappings become text. What is JSON already is not
 * copied. @throws Fault for an int beyond 2^53 - 1, a double that is not finite, keys that become equal, or great depth
 */
export function resultForm(value: Value, budget: Budget): Json {
  return new JsonForm(budget, { number: plainNumber, special: textOf }).of(value, 0) as Json;
}

/** The value as an argument of a library function that knows plain JSON only. @throws Fault as for results, and for what is not JSON */
export function plainForm(value: Value, budget: Budget): Json {
  return new JsonForm(budget, { number: plainNumber, special: refuse }).of(value, 0) as Json;
}

/** The same for a library function that keeps the kinds of numbers apart. */
export function exactForm(value: Value, budget: Budget): ExactValue {
  return new JsonForm(budget, { number: (number) => number, special: refuse }).of(value, 0);
}

function plainNumber(number: number | bigint | Float): number {
  if (typeof number === 'bigint') {
    throw new Fault('an int beyond 2^53 - 1 does not fit a JSON number without loss; make it text with `string(…)`');
  }
  const value = number instanceof Float ? number.value : number;
  if (!Number.isFinite(value)) throw new Fault('JSON has no number for infinity, or for what is not a number');
  return value;
}

function textOf(value: Special, budget: Budget): string {
  if (value instanceof Timestamp || value instanceof Duration) return value.toText();
  if (value instanceof TypeValue) return value.name;
  if (!(value instanceof Bytes)) return refuse(value);
  const { bytes } = value;
  budget.checkString(Math.ceil(bytes.length / 3) * 4);
  budget.spend(textSteps(bytes.length));
  return Buffer.from(bytes).toString('base64');
}

function refuse(value: Special): never {
  throw new Fault(`a value of type ${value.typeName} is not JSON; make it text with \`string(…)\``);
}

class JsonForm {
  constructor(
    private readonly budget: Budget,
    private readonly rules: FormRules,
  ) {}

  of(value: Value, depth: number): ExactValue {
    if (typeof value === 'number' || typeof value === 'bigint') return this.rules.number(value);
    if (typeof value === 'string') this.budget.spend(textSteps(value.length) - 1);
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Float) return this.rules.number(value);
    if (depth > MAX_DEPTH) throw new Fault(`the value is nested deeper than ${MAX_DEPTH} levels`);
    if (value instanceof Special) return this.#special(value, depth);
    return Array.isArray(value) ? this.#list(value, depth) : this.#mapping(value as ValueMapping, depth);
  }

  #special(value: Special, depth: number): ExactValue {
    if (value instanceof Sequence) return this.#list(value.toArray(), depth);
    if (value instanceof KeyedMap) return this.#keyedMap(value, depth);
    if (value instanceof Uint) return this.rules.number(integerValue(value.value));
    return this.rules.special(value, this.budget);
  }

  #list(list: readonly Value[], depth: number): ExactValue {
    this.budget.spend(list.length);
    let changed: ExactValue[] | undefined;
    for (let index = 0; index < list.length; index++) {
      const item = list[index] ?? null;
      const form = this.of(item, depth + 1);
      if (form !== item) changed ??= list.slice(0, index) as ExactValue[];
      changed?.push(form);
    }
    return changed ?? (list as readonly ExactValue[]);
  }

  #mapping(mapping: ValueMapping, depth: number): ExactValue {
    const keys = Object.keys(mapping);
    this.budget.spend(2 * keys.length);
    let changed: { [key: string]: ExactValue } | undefined;
    for (const [index, key] of keys.entries()) {
      const item = mapping[key] ?? null;
      const form = this.of(item, depth + 1);
      if (form !== item) changed ??= copyOf(mapping, keys.slice(0, index));
      if (changed !== undefined) setKey(changed, key, form);
    }
    return changed ?? (mapping as { readonly [key: string]: ExactValue });
  }

  #keyedMap(map: KeyedMap, depth: number): ExactValue {
    this.budget.spend(map.size);
    const result: { [key: string]: ExactValue } = {};
    for (const [key, item] of map.entries()) {
      const text = String(key instanceof Uint ? key.value : key);
      if (Object.hasOwn(result, text))
        throw new Fault('two keys of a mapping are the same text, and JSON keys are text');
      setKey(result, text, this.of(item, depth + 1));
    }
    return result;
  }
}

function copyOf(mapping: ValueMapping, keys: readonly string[]): { [key: string]: ExactValue } {
  const copy: { [key: string]: ExactValue } = {};
  for (const key of keys) setKey(copy, key, (mapping[key] ?? null) as ExactValue);
  return copy;
}
