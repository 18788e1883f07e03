import {
  AlreadyExistsError,
  asJson,
  asResource,
  type ContestedField,
  type Difference,
  mergePatch,
  NotFoundError,
  type Resource,
  refOf,
  UnknownKindError,
  type WriteOptions,
} from '../../kernel/index.js';
import { changedBetween } from './changed-paths.js';
import type { PlacedManifest } from './placed-manifest.js';

/** By which name a cluster knows the fields that this command sets. */
const FIELD_MANAGER = 'koreo-apply';

/** What became, or would become, of a resource. */
export interface Applied {
  readonly result: 'created' | 'configured' | 'unchanged';
  readonly resource: Resource;
  readonly store: string;
  readonly differences: readonly Difference[];
  /** Fields that were, or would be, taken from others. */
  readonly taken: readonly ContestedField[];
  /** Why the store could not be asked what it would make of it. */
  readonly unchecked?: string;
}

/** How a resource is applied. */
export interface ApplyHow {
  readonly contested: 'take' | 'refuse';
  readonly signal: AbortSignal;
}

/** Makes a resource, or makes it as the manifest says. @throws StoreError, ConflictError when fields are another's */
export async function applyOne({ resource, store }: PlacedManifest, how: ApplyHow): Promise<Applied> {
  const { signal } = how;
  const ref = refOf(resource);
  let before = await store.get(ref, { signal });
  if (before === undefined) {
    try {
      const created = await store.create(resource, { signal, manager: FIELD_MANAGER });
      return { result: 'created', resource: created, store: store.name, differences: [], taken: [] };
    } catch (error) {
      // Somebody else was quicker.
      if (!(error instanceof AlreadyExistsError)) throw error;
      before = await store.get(ref, { signal });
      if (before === undefined) throw error;
    }
  }
  const taken: ContestedField[] = [];
  const after = await store.apply(resource, writeOptions(how, taken));
  return changeOf(before, after, { store: store.name, taken });
}

/** What {@link applyOne} would do. @throws StoreError as it would */
export async function previewOne(
  { resource, store }: PlacedManifest,
  { isInSet, ...how }: ApplyHow & { isInSet(kindOrNamespace: Resource): boolean },
): Promise<Applied> {
  const created = { result: 'created', resource, store: store.name, differences: [], taken: [] } as const;
  try {
    const before = await store.get(refOf(resource), { signal: how.signal });
    const taken: ContestedField[] = [];
    const after =
      (await store.preview?.(resource, writeOptions(how, taken))) ??
      asResource(mergePatch(before === undefined ? {} : asJson(before), asJson(resource)));
    if (before === undefined) return { ...created, resource: after };
    return changeOf(before, after, { store: store.name, taken });
  } catch (error) {
    // What it needs is only applied together with it.
    const isLater = error instanceof UnknownKindError || error instanceof NotFoundError;
    if (!isLater || !isInSet(resource)) throw error;
    return { ...created, unchecked: 'what it needs is only made by this' };
  }
}

function writeOptions({ contested, signal }: ApplyHow, taken: ContestedField[]): WriteOptions {
  return { signal, manager: FIELD_MANAGER, contested, onContested: (fields) => taken.push(...fields) };
}

function changeOf(before: Resource, after: Resource, more: Pick<Applied, 'store' | 'taken'>): Applied {
  const differences = changedBetween(before, after);
  return { result: differences.length === 0 ? 'unchanged' : 'configured', resource: after, differences, ...more };
}
