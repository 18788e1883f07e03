import { compareText } from '../../../kernel/plugin.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { Fault } from '../fault.js';
import { equalValues } from '../values/equality.js';
import { kindOf, sequenceOf, type Value } from '../values/kinds.js';
import type { Builtin, BuiltinParameter } from './builtin.js';
import { type Callable, callable } from './call-function.js';

const LIST: BuiltinParameter = { name: 'list', type: 'list' };
const FUNCTION: BuiltinParameter = { name: 'function', type: 'function' };

/** The functions of lists, higher-order ones among them. */
export const listFunctions: readonly Builtin[] = [
  {
    name: 'map',
    parameters: [LIST, FUNCTION],
    call: async ([list, fn], evaluation, focus) => {
      const results: Value[] = [];
      for await (const { result } of eachItem(list as Value[], callable(fn, focus).call, evaluation)) {
        if (result !== undefined) results.push(result);
      }
      return sequenceOf(results);
    },
  },
  {
    name: 'filter',
    parameters: [LIST, FUNCTION],
    call: async ([list, fn], evaluation, focus) => {
      const kept: Value[] = [];
      for await (const { item, result } of eachItem(list as Value[], callable(fn, focus).call, evaluation)) {
        if (isTrue(result)) kept.push(item);
      }
      return sequenceOf(kept);
    },
  },
  {
    name: 'single',
    parameters: [LIST, { ...FUNCTION, optional: true }],
    call: async ([list, fn], evaluation, focus) => {
      const test = fn === undefined ? () => true : callable(fn, focus).call;
      const found: Value[] = [];
      for await (const { item, result } of eachItem(list as Value[], test, evaluation)) {
        if (isTrue(result)) found.push(item);
        if (found.length > 1) throw new Fault('$single: more than one item matches');
      }
      if (found.length === 0) throw new Fault('$single: no item matches');
      return found[0];
    },
  },
  {
    name: 'reduce',
    parameters: [LIST, FUNCTION, { name: 'init', type: 'any', optional: true }],
    call: async ([items, fn, init], evaluation, focus) => {
      const list = items as Value[];
      const step = callable(fn, focus);
      if (step.arity < 2) throw new Fault('$reduce: the function must take at least two arguments');
      let result = init === undefined && list.length > 0 ? list[0] : init;
      for (let index = init === undefined ? 1 : 0; index < list.length; index++) {
        await pace(evaluation);
        result = await step.call(result, list[index], index, list);
      }
      return result;
    },
  },
  {
    name: 'sort',
    parameters: [LIST, { ...FUNCTION, optional: true }],
    call: async ([items, fn], evaluation, focus) => {
      const list = items as Value[];
      if (list.length <= 1) return list;
      if (fn === undefined) return sortPlain(list, evaluation);
      const comes = callable(fn, focus);
      return mergeSort(list, async (a, b) => {
        await pace(evaluation);
        // Anything but `false`, `null`, 0 and an empty string swaps, even an empty list.
        return Boolean(await comes.callWith([a, b]));
      });
    },
  },
  {
    name: 'zip',
    parameters: ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'].map(
      (name, index): BuiltinParameter => ({ name, type: 'list', ...(index > 0 && { optional: true }) }),
    ),
    missing: true,
    call: (args, evaluation) => {
      // One that is missing counts as an empty list.
      const lists = args.map((list) => (list ?? []) as Value[]);
      const length = Math.min(...lists.map((list) => list.length));
      evaluation.spend(length * (2 + lists.length));
      return Array.from({ length }, (_, index) => lists.map((list) => list[index]));
    },
  },
  {
    name: 'distinct',
    parameters: [{ name: 'value', type: 'any' }],
    call: async ([value], evaluation) => {
      if (!Array.isArray(value) || value.length <= 1) return value;
      const scalars = new Set<Value>();
      const others: Value[] = [];
      const results: Value[] = [];
      for (const item of value) {
        await pace(evaluation);
        const known =
          typeof item === 'object' && item !== null
            ? others.some((other) => equalValues(item, other, evaluation))
            : scalars.has(item);
        if (known) continue;
        if (typeof item === 'object' && item !== null) others.push(item);
        else scalars.add(item);
        results.push(item);
      }
      return 'sequence' in value ? sequenceOf(results) : results;
    },
  },
  ...(['max', 'min'] as const).map(
    (name): Builtin => ({
      name,
      parameters: [LIST],
      meantFor: isNumber,
      call: ([list], evaluation) => {
        const numbers = numbersOf(name, list as Value[], evaluation);
        if (numbers.length === 0) return undefined;
        return numbers.reduce((best, number) => (name === 'max' ? Math.max(best, number) : Math.min(best, number)));
      },
    }),
  ),
  {
    name: 'sum',
    parameters: [LIST],
    meantFor: isNumber,
    call: ([list], evaluation) => sum(numbersOf('sum', list as Value[], evaluation)),
  },
  {
    name: 'average',
    parameters: [LIST],
    call: ([list], evaluation) => {
      const numbers = numbersOf('average', list as Value[], evaluation);
      return numbers.length === 0 ? undefined : sum(numbers) / numbers.length;
    },
  },
];

/** Goes over a list, calling a function with each item, its index and the list. */
async function* eachItem(
  list: readonly Value[],
  fn: Callable['call'],
  evaluation: Evaluation,
): AsyncGenerator<{ readonly item: Value; readonly result: Value }> {
  for (const [index, item] of list.entries()) {
    await pace(evaluation);
    yield { item, result: await fn(item, index, list) };
  }
}

async function pace(evaluation: Evaluation): Promise<void> {
  evaluation.spend(1);
  const turn = evaluation.turn();
  if (turn !== undefined) await turn;
}

/** What JSONata takes for true. */
export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.some(isTrue);
  if (typeof value === 'object' && value !== null) return kindOf(value) === 'mapping' && Object.keys(value).length > 0;
  return typeof value !== 'function' && Boolean(value);
}

/** A path that leads to one number gives it alone, and no list of it. */
function isNumber(value: Value): boolean {
  return typeof value === 'number';
}

function numbersOf(name: string, list: readonly Value[], evaluation: Evaluation): readonly number[] {
  evaluation.spend(Math.floor(list.length / 64));
  for (const item of list) {
    if (typeof item !== 'number') throw new Fault(`$${name}: \`list\` must hold numbers, not ${kindOf(item)}`);
  }
  return list as readonly number[];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function sortPlain(list: readonly Value[], evaluation: Evaluation): Value {
  const type = typeof list[0];
  if ((type !== 'number' && type !== 'string') || list.some((item) => typeof item !== type)) {
    throw new Fault('$sort: without a function to compare, the list must hold only numbers, or only strings');
  }
  evaluation.spend(Math.floor((list.length * Math.log2(list.length)) / 4));
  if (type === 'number') return [...(list as number[])].sort((a, b) => a - b);
  return [...(list as string[])].sort(compareText);
}

/** Sorts stably. `swaps` says whether the first of two must come after the second. */
async function mergeSort(list: readonly Value[], swaps: (a: Value, b: Value) => Promise<boolean>): Promise<Value[]> {
  if (list.length <= 1) return [...list];
  const middle = list.length >> 1;
  const left = await mergeSort(list.slice(0, middle), swaps);
  const right = await mergeSort(list.slice(middle), swaps);
  const merged: Value[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length && r < right.length) {
    merged.push((await swaps(left[l], right[r])) ? right[r++] : left[l++]);
  }
  return [...merged, ...left.slice(l), ...right.slice(r)];
}
