import type { Sequence, Value } from '../values/kinds.js';
import { type Definition, definition, evaluationOf } from './builtin.js';

/** The name by which long lists are made. No source can write it. */
export const LONG_LIST = ' long-list';

/** How a list that is written out is put together. */
export interface ListPlan {
  /** Which of its items are lists that are written out themselves: these are items, and all other lists are taken apart. */
  readonly literal: readonly boolean[];
  /** Whether a path must not take the list apart. */
  readonly whole: boolean;
}

/** Makes a list that is written out. JSONata copies what it has so far with each item, which is too much for long ones. */
export const longList: Definition = definition(1, 1, (focus, [plan, ...items]) => {
  const evaluation = evaluationOf(focus);
  const { literal, whole } = plan as ListPlan;
  const list: Sequence = [];
  for (const [index, item] of items.entries()) {
    if (item === undefined) continue;
    const parts: readonly Value[] = Array.isArray(item) && !literal[index] ? item : [item];
    evaluation.budget.checkItems(list.length + parts.length);
    evaluation.spend(1 + (parts.length >> 4));
    for (const part of parts) list.push(part);
  }
  return whole ? Object.defineProperty(list, 'cons', { value: true }) : list;
});
