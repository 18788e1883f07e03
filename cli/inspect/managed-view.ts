import {
  asJson,
  compareResource,
  type Difference,
  errorMessage,
  formatRef,
  getKey,
  hashSecrets,
  isList,
  isObject,
  lastAppliedOf,
  type ManagedResource,
  type Resource,
  StoreError,
  withRecordOf,
} from '../../kernel/index.js';
import type { Health } from '../health/health.js';
import { healthOf } from '../health/resource-health.js';
import type { OpenStores } from '../open-stores.js';
import { type ConditionView, conditionsIn } from './condition-view.js';

/** A managed resource as it is now. */
export interface ManagedView {
  readonly record: ManagedResource;
  /** The name of the store that it lies in; undefined when no store is meant for it any more. */
  readonly store?: string;
  readonly health: Health;
  readonly conditions: readonly ConditionView[];
  /** As people write references: `Order shop/web`. */
  readonly owners: readonly string[];
  /** Where it is not as it was last applied; null when nothing says how that was. `target` is what was recorded. */
  readonly differences: readonly Difference[] | null;
  /** Absent when it is not there, or cannot be looked at. */
  readonly resource?: Resource;
}

/** Looks a managed resource up in its store. A store that cannot be asked is told in the health. */
export async function viewManaged(
  record: ManagedResource,
  { handlerFor }: Pick<OpenStores, 'handlerFor'>,
): Promise<ManagedView> {
  const unseen = { record, conditions: [], owners: [], differences: null };
  try {
    const handler = handlerFor(record);
    const placement = record.store === undefined ? {} : { store: record.store };
    const store = handler.storeOf(record, placement);
    const { apiVersion, kind, name, namespace } = record;
    const ref = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
    const resource = await handler.read(ref, placement);
    if (resource === undefined) {
      return { ...unseen, store, health: { status: 'NotFound', message: '' } };
    }
    return {
      record,
      store,
      health: healthOf(resource),
      conditions: conditionsIn(resource),
      owners: ownersOf(resource),
      differences: record.readonly ? null : sinceApplied(withRecordOf(resource, record.applied)),
      resource,
    };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { ...unseen, health: { status: 'Unknown', message: errorMessage(error) } };
  }
}

/** The owners of a resource, as people write references. Anyone may have written nonsense there. */
export function ownersOf(resource: Resource): readonly string[] {
  const { metadata } = asJson(resource);
  const owners = isObject(metadata) ? getKey(metadata, 'ownerReferences') : undefined;
  return (isList(owners) ? owners : []).flatMap((owner) => {
    if (!isObject(owner)) return [];
    const [kind, name] = [getKey(owner, 'kind'), getKey(owner, 'name')];
    return typeof kind === 'string' && typeof name === 'string'
      ? [formatRef({ kind, name, namespace: resource.metadata.namespace })]
      : [];
  });
}

/** The record holds values of Secrets hashed, and what servers take in under `stringData` they never give back. */
function sinceApplied(resource: Resource): readonly Difference[] | null {
  const recorded = lastAppliedOf(asJson(resource));
  if (recorded === undefined) return null;
  return compareResource(recorded, hashSecrets(asJson(resource))).filter(
    ({ path, actual }) => !(resource.kind === 'Secret' && path[0] === 'stringData' && actual === undefined),
  );
}
