import { setKey } from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import { KeyedMap, keyIdentity } from '../values/keyed-map.js';
import { isInt } from '../values/number.js';
import { typeName } from '../values/type-name.js';
import { Uint } from '../values/uint.js';
import type { Value } from '../values/value.js';
import type { Evaluate, Operation } from './frame.js';
import { spendKey } from './member.js';
import { sizeWith } from './operation.js';

/** `[a, b]`. A list of constants is made once, and frozen. */
export function listOperation(items: readonly Operation[]): Operation {
  const plain = items.every((item) => item.plain);
  const size = sizeWith(items);
  const constants = constantsOf(items);
  if (constants !== undefined) return shared(Object.freeze(constants), { plain, size });
  const evaluates = items.map((item) => item.evaluate);
  return { evaluate: (frame) => evaluates.map((evaluate) => evaluate(frame)), plain, borrowed: false, size };
}

/** One entry of a mapping that is written out. */
export interface CompiledEntry {
  readonly key: Operation;
  readonly value: Operation;
  readonly at: number;
}

/** `{a: b}`. A mapping of constants is made once, and frozen. */
export function mapOperation(entries: readonly CompiledEntry[]): Operation {
  const keys = constantsOf(entries.map((entry) => entry.key));
  const values = constantsOf(entries.map((entry) => entry.value));
  const parts = entries.flatMap(({ key, value }) => [key, value]);
  const plain = parts.every((part) => part.plain) && keys?.every((key) => typeof key === 'string') === true;
  const size = sizeWith(parts);
  const places = entries.map((entry) => entry.at);
  if (keys !== undefined && values !== undefined)
    return shared(Object.freeze(makeMap(keys, values, places)), { plain, size });
  return { evaluate: mapEvaluate(entries, keys, places), plain, borrowed: false, size };
}

function mapEvaluate(
  entries: readonly CompiledEntry[],
  keys: Value[] | undefined,
  places: readonly number[],
): Evaluate {
  const values = entries.map((entry) => entry.value.evaluate);
  const texts = keys === undefined ? undefined : distinctTexts(keys);
  if (texts !== undefined) return textMapEvaluate(texts, values);
  const keyEvaluates = entries.map((entry) => entry.key.evaluate);
  return (frame) =>
    makeMap(
      keyEvaluates.map((evaluate) => {
        const key = evaluate(frame);
        spendKey(key, frame.budget);
        return key;
      }),
      values.map((evaluate) => evaluate(frame)),
      places,
    );
}

/** The common case: all keys are texts that are known to be different. */
function textMapEvaluate(keys: readonly string[], values: readonly Evaluate[]): Evaluate {
  const pairs = keys.map((key, index) => ({ key, evaluate: values[index] ?? (() => null) }));
  return (frame) => {
    const mapping: { [key: string]: Value } = {};
    for (const { key, evaluate } of pairs) setKey(mapping, key, evaluate(frame));
    return mapping;
  };
}

function distinctTexts(keys: readonly Value[]): readonly string[] | undefined {
  const texts = keys.filter((key) => typeof key === 'string');
  return texts.length === keys.length && new Set(texts).size === keys.length ? texts : undefined;
}

function makeMap(keys: readonly Value[], values: readonly Value[], places: readonly number[]): Value {
  const entries = new Map<string, readonly [Value, Value]>();
  for (const [index, key] of keys.entries()) {
    const identity = isKey(key) ? keyIdentity(key) : undefined;
    if (identity === undefined) throw new Fault(`a ${typeName(key)} cannot be the key of a mapping`, places[index]);
    if (entries.has(identity)) throw new Fault('a key of the mapping is there twice', places[index]);
    entries.set(identity, [key, values[index] ?? null]);
  }
  if (!keys.every((key) => typeof key === 'string')) return new KeyedMap(entries);
  const mapping: { [key: string]: Value } = {};
  for (const [key, value] of entries.values()) setKey(mapping, String(key), value);
  return mapping;
}

function isKey(key: Value): boolean {
  return typeof key === 'string' || typeof key === 'boolean' || isInt(key) || key instanceof Uint;
}

function constantsOf(operations: readonly Operation[]): Value[] | undefined {
  const constants: Value[] = [];
  for (const { constant } of operations) {
    if (constant === undefined) return undefined;
    constants.push(constant);
  }
  return constants;
}

function shared(constant: Value, { plain, size }: { readonly plain: boolean; readonly size: number }): Operation {
  return { evaluate: () => constant, plain, borrowed: plain, constant, size };
}
