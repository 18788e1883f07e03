import { equalJson, type Json, type ResourceRef, refKey } from '../../kernel/index.js';
import type { PlannedMember } from '../files/member-plan.js';
import type { Collection } from './collection.js';
import { withContainer } from './container.js';
import type { DocumentChange, SideRecord, SideRecords } from './document-content.js';
import type { Entry } from './entry.js';
import type { CollectionSnapshot, Snapshot } from './snapshot.js';

/** What is to become of a resource that somebody wrote. */
export interface Fate {
  readonly collection: Collection;
  readonly ref: ResourceRef;
  /** Absent: it goes. */
  readonly entry?: Entry;
  /** Whether it is a new item, also where one of its name was before. */
  readonly fresh: boolean;
}

/** Fates by `refKey`. */
export type Fates = ReadonlyMap<string, Fate>;

/** The change of a document that the fates come to; undefined when that is none. */
export function changeOf(snapshot: Snapshot, fates: Fates): DocumentChange | undefined {
  const { content } = snapshot;
  const plans = new Map<Json, readonly PlannedMember[]>();
  let value = content.value;
  for (const collection of new Set([...fates.values()].map((fate) => fate.collection))) {
    const members = changedMembers(snapshot.collection(collection), collection, fates);
    if (members === undefined) continue;
    const container = toContainer(collection, members);
    plans.set(
      container,
      members.map(({ plan }) => plan),
    );
    value = withContainer(value, collection.path, container);
  }
  const records = changedRecords(content.records, fates);
  if (value === undefined || (value === content.value && records === content.records)) return undefined;
  return { value, plans, records };
}

/** A member of a container as it is to be. */
interface Member {
  readonly key: string | number;
  readonly value: Json;
  readonly plan: PlannedMember;
}

/** All members of a collection's container, in order; undefined when they stay as they are. */
function changedMembers(
  { container, entries }: CollectionSnapshot,
  collection: Collection,
  fates: Fates,
): readonly Member[] | undefined {
  const there = container.type === 'there' ? Object.entries(container.value as Readonly<Record<string, Json>>) : [];
  const isList = collection.container === 'list';
  const remaining = there.flatMap(([property, before], index): Member[] => {
    const key = isList ? index : property;
    const entry = entries.get(key);
    const fate = entry && fates.get(refKey(entry.ref));
    if (fate === undefined) return [{ key, value: before, plan: { type: 'kept', index } }];
    if (fate.entry === undefined || fate.entry.isLeaving || fate.fresh) return [];
    const { value } = fate.entry.stored;
    return [
      {
        key,
        value,
        plan: equalJson(before, value) ? { type: 'kept', index } : { type: 'changed', index, before, value },
      },
    ];
  });
  const added = [...fates.values()].flatMap((fate): Member[] => {
    if (fate.collection !== collection || !fate.fresh || fate.entry === undefined) return [];
    const { value } = fate.entry.stored;
    return [{ key: fate.ref.name, value, plan: { type: 'added', value } }];
  });
  const members = [...remaining, ...added];
  const stays = members.length === there.length && members.every(({ plan }) => plan.type === 'kept');
  return stays ? undefined : members;
}

function toContainer({ container }: Collection, members: readonly Member[]): Json {
  if (container === 'list') return members.map(({ value }) => value);
  return Object.fromEntries(members.map(({ key, value }) => [String(key), value]));
}

/** The records as they are to be; the very same when they stay. */
function changedRecords(before: SideRecords, fates: Fates): SideRecords {
  const records = new Map<string, SideRecord>(before);
  let changed = false;
  for (const [key, { entry, ref }] of fates) {
    const record = entry?.stored.side;
    const known = before.get(key)?.record;
    if (equalJson(record, known)) continue;
    changed = true;
    if (record === undefined) records.delete(key);
    else records.set(key, { ref, record });
  }
  return changed ? records : before;
}
