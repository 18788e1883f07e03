import type { Json } from 'koreo-kernel';
import { type FunctionCases, fails, gives } from './function-case.js';

const hostile: Json = JSON.parse('{"__proto__": {"a": 1}, "constructor": {"b": 2}}');

export const mappingCases: FunctionCases = {
  overlay: [
    gives([{ a: 1 }, { b: 2 }], { a: 1, b: 2 }),
    gives([{ a: 1 }, {}], { a: 1 }),
    gives([{}, { a: { b: 1 } }], { a: { b: 1 } }),
    gives([{}, {}], {}),
    gives([{ a: { b: { c: 1, d: 2 } } }, { a: { b: { c: 3 } } }], { a: { b: { c: 3, d: 2 } } }),
    gives([{ a: [1, 2, 3] }, { a: [4] }], { a: [4] }),
    gives([{ a: [{ b: 1 }] }, { a: [{ c: 2 }] }], { a: [{ c: 2 }] }),
    gives([{ a: { b: 1 } }, { a: null }], { a: null }),
    gives([{ a: null }, { a: { b: 1 } }], { a: { b: 1 } }),
    gives([{ a: { b: 1 } }, { a: {} }], { a: { b: 1 } }),
    gives([{ a: { b: 1 } }, { a: [] }], { a: [] }),
    gives([{ a: [] }, { a: { b: 1 } }], { a: { b: 1 } }),
    gives([{ a: true }, { a: false }], { a: false }),
    gives([{ a: 1 }, hostile], JSON.parse('{"a": 1, "__proto__": {"a": 1}, "constructor": {"b": 2}}')),
    gives(
      [hostile, JSON.parse('{"__proto__": {"z": 9}, "constructor": {"b": 3}}')],
      JSON.parse('{"__proto__": {"a": 1, "z": 9}, "constructor": {"b": 3}}'),
    ),
    fails([null, {}], 'overlay: `base` must be a mapping, not null'),
    fails([{}, null], 'overlay: `over` must be a mapping, not null'),
    fails([[], {}], 'overlay: `base` must be a mapping, not list'),
    fails([{}, 'a'], 'overlay: `over` must be a mapping, not string'),
  ],
  keys: [
    gives([{ b: 1, a: 2 }], ['b', 'a']),
    gives([{}], []),
    gives([hostile], ['__proto__', 'constructor']),
    fails([['a']], 'keys: `mapping` must be a mapping, not list'),
    fails([null], 'keys: `mapping` must be a mapping, not null'),
  ],
  values: [
    gives([{ b: 1, a: [2] }], [1, [2]]),
    gives([{}], []),
    gives([hostile], [{ a: 1 }, { b: 2 }]),
    gives([{ a: null }], [null]),
    fails(['ab'], 'values: `mapping` must be a mapping, not string'),
  ],
};
