import { auditTime, BehaviorSubject, concatMap, distinctUntilChanged, merge, type Observable, switchMap } from 'rxjs';
import { gvkKey, type Selector, type Store } from '../../kernel/index.js';
import type { OpenStores } from '../open-stores.js';
import type { Inspection } from './inspection.js';
import { viewsIn } from './managed-tree.js';

/** So long changes are gathered before it is looked again. */
const GATHER_MS = 250;

/**
 * Looks again whenever the resource, or one that is managed for it, may have changed; at least once. What it is about may
 * change with every look. Ends when a look gives nothing.
 */
export function inspections(
  first: Inspection,
  opened: OpenStores,
  look: () => Promise<Inspection | undefined>,
): Observable<Inspection | undefined> {
  const about = new BehaviorSubject(watchedKinds(first, opened));
  return about.pipe(
    distinctUntilChanged((before, after) => keyOf(before) === keyOf(after)),
    switchMap((kinds) => merge(...kinds.map(({ store, selector }) => store.watch(selector)))),
    auditTime(GATHER_MS),
    concatMap(async () => {
      const found = await look();
      if (found === undefined) about.complete();
      else about.next(watchedKinds(found, opened));
      return found;
    }),
  );
}

interface WatchedKind {
  readonly store: Store;
  readonly selector: Selector;
}

function watchedKinds({ resource, store, managed }: Inspection, { router }: OpenStores): readonly WatchedKind[] {
  const records = managed === undefined ? [] : viewsIn(managed).filter((view) => view.store !== undefined);
  const kinds = [
    { store, selector: selectorOf(resource, resource.metadata.namespace) },
    ...records.map(({ record }) => ({
      store: router.storeFor(record, record.store === undefined ? {} : { store: record.store }),
      selector: selectorOf(record, record.namespace),
    })),
  ];
  return [...new Map(kinds.map((kind) => [keyOf([kind]), kind])).values()];
}

function selectorOf(
  { apiVersion, kind }: Pick<Selector, 'apiVersion' | 'kind'>,
  namespace: string | undefined,
): Selector {
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) };
}

function keyOf(kinds: readonly WatchedKind[]): string {
  const keys = kinds.map(({ store, selector }) => `${store.name} ${gvkKey(selector)} ${selector.namespace ?? ''}`);
  return keys.sort().join('\n');
}
