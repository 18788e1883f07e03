import { setKey } from '../../../kernel/plugin.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { Fault } from '../fault.js';
import { isFunctionValue, isMapping, kindOf, sequenceOf, type Value } from '../values/kinds.js';
import type { Builtin } from './builtin.js';
import { callable } from './call-function.js';
import { isTrue } from './list-functions.js';

/** Lists and mappings inside one another that `$clone` follows. */
const MAX_DEPTH = 500;

/** The functions of mappings. What they make has no prototype, as all that JSONata makes. */
export const mappingFunctions: readonly Builtin[] = [
  {
    name: 'keys',
    parameters: [{ name: 'value', type: 'any', context: true }],
    meantFor: (value) => Array.isArray(value) && value.length > 0 && value.every(isMapping),
    call: ([value], evaluation) => sequenceOf([...keysOf(value, evaluation)]),
  },
  {
    name: 'spread',
    parameters: [{ name: 'value', type: 'any', context: true }],
    call: ([value], evaluation) => {
      if (!Array.isArray(value) && !isMapping(value)) return value;
      const spreads = [...spread(value, evaluation)];
      // What is made of the items of a list is a list, even when it holds one of them, or none.
      return Array.isArray(value) && value.length > 0 ? spreads : sequenceOf(spreads);
    },
  },
  {
    name: 'merge',
    parameters: [{ name: 'list', type: 'list' }],
    call: ([list], evaluation) => {
      const merged = emptyMapping();
      for (const item of list as Value[]) {
        if (!isMapping(item)) throw new Fault(`$merge: \`list\` must hold mappings, not ${kindOf(item)}`);
        const entries = Object.entries(item);
        evaluation.spend(4 + 2 * entries.length);
        for (const [key, value] of entries) setKey(merged, key, value);
      }
      return merged;
    },
  },
  {
    name: 'each',
    parameters: [
      { name: 'mapping', type: 'mapping', context: true },
      { name: 'function', type: 'function' },
    ],
    call: async ([mapping, fn], evaluation, focus) => {
      const each = callable(fn, focus);
      const results: Value[] = [];
      for (const [key, value] of Object.entries(mapping as object)) {
        evaluation.spend(1);
        await evaluation.turn();
        const result = await each.call(value, key, mapping);
        if (result !== undefined) results.push(result);
      }
      return sequenceOf(results);
    },
  },
  {
    name: 'sift',
    parameters: [
      { name: 'mapping', type: 'mapping', context: true },
      { name: 'function', type: 'function', optional: true },
    ],
    call: async ([mapping, fn], evaluation, focus) => {
      const test = fn === undefined ? undefined : callable(fn, focus);
      const kept = emptyMapping();
      for (const [key, value] of Object.entries(mapping as object)) {
        evaluation.spend(1);
        await evaluation.turn();
        if (isTrue(test === undefined ? value : await test.call(value, key, mapping))) setKey(kept, key, value);
      }
      return Object.keys(kept).length === 0 ? undefined : kept;
    },
  },
  {
    name: 'clone',
    parameters: [{ name: 'value', type: 'any', context: true }],
    call: ([value], evaluation) => {
      if (!isMapping(value) && !Array.isArray(value)) {
        throw new Fault(`$clone: \`value\` must be a mapping or a list, not ${kindOf(value)}`);
      }
      return clone(value, evaluation, 0);
    },
  },
];

function emptyMapping(): { [key: string]: Value } {
  return Object.create(null);
}

/** The keys of a mapping, or of all mappings of a list, each once. */
function keysOf(value: Value, evaluation: Evaluation): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const item of itemsOf(value)) {
    if (!isMapping(item)) continue;
    const own = Object.keys(item);
    evaluation.spend(1 + Math.floor(own.length / 8));
    for (const key of own) keys.add(key);
  }
  return keys;
}

function itemsOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : [value];
}

function spread(value: Value, evaluation: Evaluation): readonly Value[] {
  if (Array.isArray(value)) {
    evaluation.spend(1 + value.length);
    return value.flatMap((item) => spread(item, evaluation));
  }
  if (!isMapping(value)) return [value];
  const entries = Object.entries(value);
  evaluation.spend(4 + 8 * entries.length);
  return entries.map(([key, item]) => {
    const single = emptyMapping();
    setKey(single, key, item);
    return single;
  });
}

/** A deep copy whose mappings a transform may change. */
function clone(value: Value, evaluation: Evaluation, depth: number): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (isFunctionValue(value)) throw new Fault('$clone: a function cannot be copied');
  if (depth > MAX_DEPTH) throw new Fault(`the value is nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) {
    evaluation.spend(4 + value.length);
    return value.map((item) => clone(item, evaluation, depth + 1));
  }
  const entries = Object.entries(value);
  evaluation.spend(12 + 8 * entries.length);
  const copy = emptyMapping();
  for (const [key, item] of entries) setKey(copy, key, clone(item, evaluation, depth + 1));
  evaluation.clones.add(copy);
  return copy;
}
