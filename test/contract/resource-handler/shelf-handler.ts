import {
  type CallOptions,
  type CreateOptions,
  type DeleteOptions,
  type GroupVersionKind,
  InvalidResourceError,
  isObject,
  type JsonObject,
  type KindInfo,
  type MaybePromise,
  type Resource,
  type ResourceHandler,
  type ResourceRef,
  type Store,
  type StoreEvent,
  UnavailableError,
  type WriteOptions,
} from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import type { HandlerHarness } from 'koreo-kernel/testing/contracts';
import type { Observable } from 'rxjs';

const SHELF = { apiVersion: 'things.example/v1', kind: 'Shelf' };
const KIND: KindInfo = { ...SHELF, plural: 'shelves', namespaced: true };

/** A handler that is right: shelves, which have namespaces, labels and annotations, and at least one board. */
export class ShelfHandler implements ResourceHandler {
  readonly name = 'shelves';
  readonly kinds: readonly GroupVersionKind[] = [SHELF];
  isBroken = false;
  protected readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  claims({ apiVersion, kind }: GroupVersionKind): boolean {
    return apiVersion === SHELF.apiVersion && kind === SHELF.kind;
  }

  kind(): KindInfo {
    return KIND;
  }

  storeOf(): string {
    return this.name;
  }

  read(ref: ResourceRef, options: CallOptions): MaybePromise<Resource | undefined> {
    return this.reached(() => this.store.get(ref, options), options);
  }

  async create(target: Resource, options: CreateOptions): Promise<Resource> {
    return this.reached(() => this.store.create(checked(target), options), options);
  }

  async apply(target: Resource, options: WriteOptions): Promise<Resource> {
    return this.reached(() => this.store.apply(checked(target), options), options);
  }

  async patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions): Promise<Resource> {
    return this.reached(() => this.store.patch(ref, patch, options), options);
  }

  async remove(ref: ResourceRef, options: DeleteOptions): Promise<void> {
    return this.reached(() => this.store.delete(ref, options), options);
  }

  watch(gvk: GroupVersionKind): Observable<StoreEvent> {
    return this.store.watch(gvk);
  }

  protected async reached<T>(work: () => Promise<T>, { signal }: CallOptions): Promise<T> {
    signal?.throwIfAborted();
    if (this.isBroken) throw new UnavailableError('the shelves cannot be reached');
    return work();
  }
}

function checked(target: Resource): Resource {
  const { spec } = target;
  if (isObject(spec) && typeof spec.boards === 'number' && spec.boards >= 1) return target;
  throw new InvalidResourceError('a Shelf needs one board at least: `spec.boards`');
}

function shelf(name: string, boards: number): Resource {
  return { ...SHELF, metadata: { name, namespace: 'hall' }, spec: { boards, wood: { kind: 'oak' } } };
}

/** Makes harnesses around a handler of shelves. */
export function shelves(make: (store: Store) => ShelfHandler): () => Promise<HandlerHarness> {
  return async () => {
    const store = new MemoryStore({ kinds: [KIND] });
    const handler = make(store);
    return {
      handler,
      samples: {
        resource: (name) => shelf(name, 2),
        changes: [{ boards: 3 }, { wood: { colour: 'dark' } }, { books: ['a', 'b'] }],
        refused: [shelf('one', 0)],
      },
      outside: {
        look: async (ref) => store.peek(ref)?.spec,
        put: async (resource) => void store.put(resource),
        remove: (ref) => store.delete(ref),
        breakDown: async () => {
          handler.isBroken = true;
          return async () => {
            handler.isBroken = false;
          };
        },
      },
      dispose: () => store.close(),
    };
  };
}
