import { equalJson, type Json } from '../../kernel/index.js';

/** One member of a list or mapping after a change: one that was there (by its index), as it was or changed, or a new one. */
export type PlannedMember =
  | { readonly type: 'kept'; readonly index: number }
  | { readonly type: 'changed'; readonly index: number; readonly before: Json; readonly value: Json }
  | { readonly type: 'added'; readonly key?: string; readonly value: Json };

/** For lists whose change is known better than a comparison could find it: the new list, and how it came about. */
export type ListPlans = ReadonlyMap<Json, readonly PlannedMember[]>;

/** What two lists have in common at their beginnings and ends stays; what lies between is changed one by one. */
export function planList(before: readonly Json[], value: readonly Json[]): readonly PlannedMember[] {
  const shorter = Math.min(before.length, value.length);
  let head = 0;
  while (head < shorter && equalJson(before[head], value[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && equalJson(before.at(-1 - tail), value.at(-1 - tail))) tail += 1;
  const lastChanged = before.length - tail;
  const middle = value.slice(head, value.length - tail).map((item, offset): PlannedMember => {
    const index = head + offset;
    return index < lastChanged ? keptOrChanged(index, before[index], item) : { type: 'added', value: item };
  });
  return [...range(0, head).map(kept), ...middle, ...range(lastChanged, before.length).map(kept)];
}

/** The plan of a member that stays at its index. */
export function keptOrChanged(index: number, before: Json | undefined, value: Json): PlannedMember {
  return before === undefined || equalJson(before, value) ? kept(index) : { type: 'changed', index, before, value };
}

/** The plan of a member that stays as it is. */
export function kept(index: number): PlannedMember {
  return { type: 'kept', index };
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
