import {
  annotationOf,
  annotations,
  type DefinitionName,
  flattenManaged,
  type GroupVersionKind,
  type ManagedNode,
  parseManaged,
  type Resource,
  type Store,
  UnknownKindError,
} from '../../kernel/index.js';

/** Where the triggers of a kind lie. */
export interface TriggerPlace {
  readonly kind: GroupVersionKind;
  readonly store: Store;
}

/** What triggers themselves speak of: Workflows that they choose, and all that has made something for them. @throws StoreError */
export async function namedByTriggers(
  places: readonly TriggerPlace[],
  signal: AbortSignal,
): Promise<readonly DefinitionName[]> {
  const named = await Promise.all(
    places.map(async ({ kind, store }) => {
      try {
        const { items } = await store.list(kind, { signal });
        return items.flatMap(namedBy);
      } catch (error) {
        if (error instanceof UnknownKindError) return [];
        throw error;
      }
    }),
  );
  return named.flat();
}

function namedBy(trigger: Resource): readonly DefinitionName[] {
  const chosen = annotationOf(trigger, annotations.workflow);
  const record = parseManaged(annotationOf(trigger, annotations.managedResources) ?? '');
  const managed: ManagedNode = record ?? null;
  return [
    ...(chosen === undefined ? [] : [{ kind: 'Workflow', name: chosen } as const]),
    ...flattenManaged(managed).map(({ resourceFunction: name }) => ({ kind: 'ResourceFunction', name }) as const),
  ];
}
