import {
  AlreadyExistsError,
  type CallOptions,
  type CreateOptions,
  type DeleteOptions,
  type GroupVersionKind,
  InvalidResourceError,
  type JsonObject,
  type KindInfo,
  mergePatch,
  NotFoundError,
  type Resource,
  type ResourceRef,
  refOf,
  type StoreEvent,
  type WriteOptions,
} from 'koreo-kernel';
import { interval, map, merge, type Observable } from 'rxjs';
import { ShelfHandler } from './shelf-handler.js';

type Faulty = new (...args: ConstructorParameters<typeof ShelfHandler>) => ShelfHandler;

/** Handlers that break one promise each, with words of the titles of the cases that have to find it. */
export const FAULTY: readonly (readonly [string, Faulty, ...RegExp[]])[] = [
  [
    'throws where it should give undefined',
    class extends ShelfHandler {
      override async read(ref: ResourceRef, options: CallOptions): Promise<Resource | undefined> {
        const read = await super.read(ref, options);
        if (read === undefined) throw new NotFoundError('there is none');
        return read;
      }
    },
    /^what is not there is undefined/,
  ],
  [
    'gives what it read before',
    class extends ShelfHandler {
      readonly #known = new Map<string, Resource>();
      override async read(ref: ResourceRef, options: CallOptions): Promise<Resource | undefined> {
        const known = this.#known.get(ref.name) ?? (await super.read(ref, options));
        if (known !== undefined) this.#known.set(ref.name, known);
        return known;
      }
    },
    /^what others change, take away and make again is seen/,
  ],
  [
    'gives an object that it goes on using',
    class extends ShelfHandler {
      readonly #given: Record<string, unknown> = {};
      override async read(ref: ResourceRef, options: CallOptions): Promise<Resource | undefined> {
        const read = await super.read(ref, options);
        return read === undefined
          ? undefined
          : (Object.assign(this.#given, structuredClone(read)) as unknown as Resource);
      }
    },
    /^a resource that was given never changes later/,
  ],
  [
    'gives a Date',
    class extends ShelfHandler {
      override async read(ref: ResourceRef, options: CallOptions): Promise<Resource | undefined> {
        const read = await super.read(ref, options);
        return read === undefined ? undefined : { ...read, seen: new Date(0) as unknown as string };
      }
    },
    /^what is read is plain JSON/,
  ],
  [
    'replaces what is there already',
    class extends ShelfHandler {
      override async create(target: Resource, options: CreateOptions): Promise<Resource> {
        return super.create(target, options).catch((error) => {
          if (error instanceof AlreadyExistsError) return this.store.apply(target, options);
          throw error;
        });
      }
    },
    /^to create what is there already is AlreadyExists/,
    /^of creates of one name at once exactly one wins/,
  ],
  [
    'throws an error that says nothing of itself',
    class extends ShelfHandler {
      override async create(target: Resource, options: CreateOptions): Promise<Resource> {
        return super.create(target, options).catch((error) => {
          throw error instanceof InvalidResourceError ? new Error('bad request') : error;
        });
      }
    },
    /^what the kind cannot be is refused for good/,
  ],
  [
    'makes what it was to patch',
    class extends ShelfHandler {
      override async patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions): Promise<Resource> {
        return super.patch(ref, patch, options).catch((error) => {
          if (!(error instanceof NotFoundError)) throw error;
          const { apiVersion, kind, ...metadata } = ref;
          return this.store.create({ apiVersion, kind, metadata, ...patch });
        });
      }
    },
    /^to patch what is not there is NotFound/,
  ],
  [
    'replaces the spec by a patch of it',
    class extends ShelfHandler {
      override async patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions): Promise<Resource> {
        const { spec = {} } = (await this.store.get(ref)) ?? {};
        const gone = Object.fromEntries(Object.keys(spec as JsonObject).map((key) => [key, null]));
        return super.patch(ref, mergePatch({ spec: gone }, patch) as JsonObject, options);
      }
    },
    /^a patch keeps what it does not speak of/,
  ],
  [
    'writes whether anything changes or not',
    class extends ShelfHandler {
      #count = 0;
      override async patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions): Promise<Resource> {
        await super.patch(ref, patch, options);
        this.#count += 1;
        return super.patch(ref, { metadata: { labels: { count: String(this.#count) } } }, {});
      }
    },
    /^patch of what is so already writes nothing/,
  ],
  [
    'gives what it was given in place of what is there',
    class extends ShelfHandler {
      override async apply(target: Resource, options: WriteOptions): Promise<Resource> {
        await super.apply(target, options);
        return target;
      }
    },
    /^apply makes what it speaks of so, and gives what a read then gives/,
  ],
  [
    'looks at no revision',
    class extends ShelfHandler {
      override async patch(
        ref: ResourceRef,
        patch: JsonObject,
        { revision: _revision, ...options }: WriteOptions,
      ): Promise<Resource> {
        return super.patch(ref, patch, options);
      }
    },
    /^patch that was computed from an older revision is a conflict/,
    /^of guarded patches at once exactly one wins/,
  ],
  [
    'looks at the revision before it writes',
    class extends ShelfHandler {
      override async patch(
        ref: ResourceRef,
        patch: JsonObject,
        { revision, ...options }: WriteOptions,
      ): Promise<Resource> {
        const before = await this.store.get(ref);
        const isCurrent = revision === undefined || before?.metadata.resourceVersion === revision;
        await new Promise((resolve) => setImmediate(resolve));
        return super.patch(ref, patch, isCurrent ? options : { ...options, revision });
      }
    },
    /^of guarded patches at once exactly one wins/,
  ],
  [
    'looks at no uid',
    class extends ShelfHandler {
      override async remove(ref: ResourceRef, { uid: _uid, ...options }: DeleteOptions): Promise<void> {
        return super.remove(ref, options);
      }
    },
    /^remove that is meant for another object is a conflict/,
  ],
  [
    'refuses to remove what is gone',
    class extends ShelfHandler {
      override async remove(ref: ResourceRef, options: DeleteOptions): Promise<void> {
        if ((await this.store.get(ref)) === undefined) throw new NotFoundError('there is none');
        return super.remove(ref, options);
      }
    },
    /^to remove what is gone is done already/,
  ],
  [
    'leaves labels out',
    class extends ShelfHandler {
      override async create(target: Resource, options: CreateOptions): Promise<Resource> {
        const { labels: _labels, ...metadata } = target.metadata;
        return super.create({ ...target, metadata }, options);
      }
    },
    /^create keeps a label, or refuses it/,
  ],
  [
    'has no place for annotations, and does not say so',
    class extends ShelfHandler {
      override async create(target: Resource, options: CreateOptions): Promise<Resource> {
        const { annotations: _annotations, ...metadata } = target.metadata;
        return super.create({ ...target, metadata }, options);
      }
    },
    /^a kind that does not say that it has no place for annotations keeps them/,
  ],
  [
    'does not look at the signal',
    class extends ShelfHandler {
      override async remove(ref: ResourceRef, { signal: _signal, ...options }: DeleteOptions): Promise<void> {
        return super.remove(ref, options);
      }
    },
    /^remove with an aborted signal rejects/,
  ],
  [
    'changes what it was given',
    class extends ShelfHandler {
      override async create(target: Resource, options: CreateOptions): Promise<Resource> {
        (target.metadata as { name: string }).name = target.metadata.name.trim();
        return super.create(target, options);
      }
    },
    /^create leaves its argument alone/,
  ],
  [
    'writes what became of its argument',
    class extends ShelfHandler {
      override async patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions): Promise<Resource> {
        await this.store.get(ref, options);
        return super.patch(ref, patch, options);
      }
    },
    /^apply and patch leave their arguments alone/,
  ],
  [
    'says that what cannot be reached never can',
    class extends ShelfHandler {
      protected override async reached<T>(work: () => Promise<T>, options: CallOptions): Promise<T> {
        if (this.isBroken) throw new InvalidResourceError('no');
        return super.reached(work, options);
      }
    },
    /^create says that it may succeed later/,
  ],
  [
    'takes the name for a path',
    class extends ShelfHandler {
      override read(ref: ResourceRef, options: CallOptions) {
        return super.read({ ...ref, name: new URL(ref.name, 'file:///').pathname.slice(1) }, options);
      }
    },
    /hostile name/,
  ],
  [
    'says another plural each time',
    class extends ShelfHandler {
      #count = 0;
      override kind(): KindInfo {
        this.#count += 1;
        return { ...super.kind(), plural: `shelves${this.#count}` };
      }
    },
    /^what it says of its kind is right/,
  ],
  [
    'tells less than what is read',
    class extends ShelfHandler {
      override watch(gvk: GroupVersionKind): Observable<StoreEvent> {
        return super
          .watch(gvk)
          .pipe(map((event) => (event.type === 'synced' ? event : { ...event, resource: bare(event.resource) })));
      }
    },
    /^a watch tells what is there as it is read/,
  ],
  [
    'tells what has not changed',
    class extends ShelfHandler {
      override watch(gvk: GroupVersionKind): Observable<StoreEvent> {
        return merge(super.watch(gvk), interval(1).pipe(map((): StoreEvent => ({ type: 'synced' }))));
      }
    },
    /^a watch of nothing tells that this was all|^what has not changed is told once/,
  ],
  [
    'leaves a timer behind',
    class extends ShelfHandler {
      override watch(gvk: GroupVersionKind): Observable<StoreEvent> {
        const timer = setInterval(() => undefined, 1000);
        setTimeout(() => clearInterval(timer), 4000);
        return super.watch(gvk);
      }
    },
    /^a watch that is ended leaves no timer and no handle behind/,
  ],
];

function bare(resource: Resource): Resource {
  const { apiVersion, kind, ...metadata } = refOf(resource);
  return { apiVersion, kind, metadata };
}
