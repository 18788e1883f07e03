import { hasKey } from '../../../kernel/plugin.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { equalValues } from '../values/equality.js';
import { isMapping, isSequence, sequenceOf, type Value } from '../values/kinds.js';
import { textForm } from '../values/text-form.js';
import type { Builtin } from './builtin.js';

/**
 * What stands in for parts of the language that JSONata works out in one go, whatever that costs, or for which it would
 * change a list of the scope. Their names begin with a space, so that no source can write them.
 */
export const OPERATORS = {
  concatenate: ' concatenate',
  equals: ' equals',
  differs: ' differs',
  children: ' children',
  descendants: ' descendants',
  keepList: ' keep-list',
  ownList: ' own-list',
} as const;

const LEFT = { name: 'left', type: 'any' } as const;
const RIGHT = { name: 'right', type: 'any' } as const;
const VALUE = { name: 'value', type: 'any' } as const;

export const operators: readonly Builtin[] = [
  {
    name: OPERATORS.concatenate,
    parameters: [LEFT, RIGHT],
    missing: true,
    call: ([left, right], evaluation) => {
      const text = (value: Value) => (value === undefined ? '' : textForm(value, evaluation));
      const [a, b] = [text(left), text(right)];
      evaluation.budget.checkString(a.length + b.length);
      evaluation.spend(Math.floor((a.length + b.length) / 64));
      return a + b;
    },
  },
  {
    name: OPERATORS.equals,
    parameters: [LEFT, RIGHT],
    missing: true,
    call: ([left, right], evaluation) => areThere(left, right) && equalValues(left, right, evaluation),
  },
  {
    name: OPERATORS.differs,
    parameters: [LEFT, RIGHT],
    missing: true,
    call: ([left, right], evaluation) => areThere(left, right) && !equalValues(left, right, evaluation),
  },
  {
    name: OPERATORS.children,
    parameters: [VALUE],
    call: ([value], evaluation) => {
      const children: Value[] = [];
      let holdsList = false;
      for (const child of partsOf(value)) {
        if (Array.isArray(child)) {
          holdsList = true;
          flatten(child, children, evaluation);
        } else children.push(child);
      }
      evaluation.spend(1 + Math.floor(children.length / 8));
      // Where a child is a list, the children are one, however many there are.
      return holdsList ? children : sequenceOf(children);
    },
  },
  {
    name: OPERATORS.descendants,
    parameters: [VALUE],
    call: ([value], evaluation) => {
      const found: Value[] = [];
      descend(value, found, evaluation);
      return sequenceOf(found);
    },
  },
  {
    // `path[]`: the path itself keeps its sequence; a list that is written out in its last step becomes the one item of one.
    name: OPERATORS.keepList,
    parameters: [VALUE],
    call: ([value]) => {
      if (!Array.isArray(value) || isSequence(value) || !hasKey(value, 'cons')) return value;
      const list = sequenceOf([value]);
      list.keepSingleton = true;
      return list;
    },
  },
  {
    // JSONata puts an item into an empty list that it is to group, which may be one of the scope.
    name: OPERATORS.ownList,
    parameters: [VALUE],
    call: ([value]) => (Array.isArray(value) && value.length === 0 ? [] : value),
  },
];

function areThere(left: Value, right: Value): boolean {
  return left !== undefined && right !== undefined;
}

function partsOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  return isMapping(value) ? Object.values(value) : [];
}

function flatten(list: readonly Value[], into: Value[], evaluation: Evaluation): void {
  evaluation.spend(1 + Math.floor(list.length / 8));
  for (const item of list) {
    if (Array.isArray(item)) flatten(item, into, evaluation);
    else into.push(item);
  }
  evaluation.budget.checkItems(into.length);
}

function descend(value: Value, into: Value[], evaluation: Evaluation): void {
  evaluation.spend(typeof value === 'object' ? 8 : 1);
  if (!Array.isArray(value)) into.push(value);
  evaluation.budget.checkItems(into.length);
  for (const part of partsOf(value)) descend(part, into, evaluation);
}
