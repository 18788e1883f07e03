import type { Budget } from '../contracts/budget.js';
import type { LibraryFunction } from '../contracts/function-library.js';
import { type ExactMapping, type ExactValue, isExactMapping } from '../model/exact-value.js';
import { getKey, setKey } from '../model/json.js';
import { exactFunction } from './exact-function.js';

/** Functions on mappings. */
export const mappingFunctions: readonly LibraryFunction[] = [
  exactFunction({
    name: 'overlay',
    parameters: [
      { name: 'base', type: 'mapping' },
      { name: 'over', type: 'mapping' },
    ],
    summary: 'The base with the other mapping laid over it: mappings merge key by key, anything else replaces.',
    call: ([base, over], budget) => overlay(entriesOf(base), entriesOf(over), budget),
  }),
  {
    name: 'keys',
    parameters: [{ name: 'mapping', type: 'mapping' }],
    summary: 'The keys of a mapping, in its order.',
    call: ([mapping], budget) => {
      const keys = Object.keys(mapping ?? {});
      budget.spend(keys.length);
      return keys;
    },
  },
  exactFunction({
    name: 'values',
    parameters: [{ name: 'mapping', type: 'mapping' }],
    summary: 'The values of a mapping, in its order.',
    call: ([mapping], budget) => {
      const values = Object.values(entriesOf(mapping));
      budget.spend(values.length);
      return values;
    },
  }),
];

function overlay(base: ExactMapping, over: ExactMapping, budget: Budget): ExactMapping {
  const keys = Object.keys(over);
  const result: { [key: string]: ExactValue } = {};
  const baseKeys = Object.keys(base);
  // Putting a key into a new mapping takes longer than looking at it.
  budget.spend(6 * (keys.length + baseKeys.length));
  budget.checkItems(keys.length + baseKeys.length);
  for (const key of baseKeys) setKey(result, key, base[key] ?? null);
  for (const key of keys) {
    const here = getKey(result, key);
    const there = over[key] ?? null;
    setKey(result, key, isExactMapping(here) && isExactMapping(there) ? overlay(here, there, budget) : there);
  }
  return result;
}

function entriesOf(value: ExactValue | undefined): ExactMapping {
  return isExactMapping(value) ? value : {};
}
