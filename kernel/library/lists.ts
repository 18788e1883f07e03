import type { Budget } from '../contracts/budget.js';
import { FunctionError, type LibraryFunction, type Parameter } from '../contracts/function-library.js';
import { type ExactValue, exactTypeName, isExactList, isExactMapping } from '../model/exact-value.js';
import { exactFunction } from './exact-function.js';
import { compareNumbers, sumNumbers } from './numbers.js';
import { compareText } from './text-order.js';
import { textSteps } from './text-steps.js';

const LIST: readonly Parameter[] = [{ name: 'list', type: 'list' }];

/** Functions on lists. */
export const listFunctions: readonly LibraryFunction[] = [
  exactFunction({
    name: 'flatten',
    parameters: [{ name: 'lists', type: 'any' }],
    summary: 'The items of the lists in a list, one level deep.',
    call: ([lists], budget) => flatten(lists ?? null, budget),
  }),
  exactFunction({
    name: 'min',
    parameters: LIST,
    summary: 'The smallest of a list of numbers, or of strings.',
    call: ([list], budget) => extreme('min', -1, items(list), budget),
  }),
  exactFunction({
    name: 'max',
    parameters: LIST,
    summary: 'The largest of a list of numbers, or of strings.',
    call: ([list], budget) => extreme('max', 1, items(list), budget),
  }),
  exactFunction({
    name: 'sum',
    parameters: LIST,
    summary: 'The sum of a list of numbers; 0 for an empty list.',
    call: ([list], budget) => {
      budget.spend(items(list).length);
      return sumNumbers(items(list));
    },
  }),
];

function flatten(lists: ExactValue, budget: Budget): readonly ExactValue[] {
  if (isNothing(lists)) return [];
  if (!isExactList(lists))
    throw new FunctionError(`flatten: \`lists\` must be a list of lists, not ${exactTypeName(lists)}`);
  let size = 0;
  for (const [index, list] of lists.entries()) {
    if (!isExactList(list)) {
      throw new FunctionError(`flatten: item ${index} must be a list, not ${exactTypeName(list)}`);
    }
    size += list.length;
  }
  budget.checkItems(size);
  budget.spend(lists.length + size);
  return lists.reduce<ExactValue[]>((all, list) => {
    if (isExactList(list)) for (const item of list) all.push(item);
    return all;
  }, []);
}

/** What authors have where a list may be missing: there is nothing in it. */
function isNothing(value: ExactValue): boolean {
  return value === null || value === '' || (isExactMapping(value) && Object.keys(value).length === 0);
}

/** The item that is furthest in the direction (-1 smallest, 1 largest); the first of equal ones, in its own numeric kind. */
function extreme(name: string, direction: -1 | 1, list: readonly ExactValue[], budget: Budget): ExactValue {
  budget.spend(list.length);
  let [best] = list;
  if (best === undefined) throw new FunctionError(`${name}: the list is empty`);
  for (const [index, item] of list.entries()) {
    const order = compare(item, best, budget);
    if (order === undefined) {
      throw new FunctionError(
        `${name}: the list must hold only numbers, or only strings; item ${index} is ${exactTypeName(item)}`,
      );
    }
    if (order * direction > 0) best = item;
  }
  return best;
}

function compare(a: ExactValue, b: ExactValue, budget: Budget): number | undefined {
  if (typeof a === 'string' && typeof b === 'string') {
    budget.spend(textSteps(Math.min(a.length, b.length)) - 1);
    return compareText(a, b);
  }
  return compareNumbers(a, b);
}

function items(value: ExactValue | undefined): readonly ExactValue[] {
  return isExactList(value) ? value : [];
}
