import { NEVER } from 'rxjs';
import type { Placement, ResourceHandler } from '../contracts/resource-handler.js';
import type { CallOptions, CreateOptions, DeleteOptions, KindInfo, WriteOptions } from '../contracts/store.js';
import { andThen, equalJson, type Json, type JsonObject, type MaybePromise } from '../model/json.js';
import { type GroupVersionKind, gvkKey, type Resource, type ResourceRef, refOf } from '../model/resource.js';
import { KindWatch, type Sighting } from './kind-watch.js';

/** A kind in the store that holds it. */
export interface PlacedKind extends GroupVersionKind {
  readonly store: string;
  readonly placement: Placement;
}

/** A resource in the store that holds it. */
export interface PlacedRef extends ResourceRef {
  readonly store: string;
}

/** What was said of a kind, in a place. */
export interface KindFact {
  readonly handler: ResourceHandler;
  readonly gvk: GroupVersionKind;
  readonly placement: Placement;
  readonly info: KindInfo | undefined;
}

/**
 * A handler that watches the kinds that it is told to, answers reads from what it was told when that is new enough, and
 * tells of every change that somebody else made. All else is the inner handler's.
 */
export class WatchedHandler implements ResourceHandler {
  readonly name: string;
  readonly #inner: ResourceHandler;
  readonly #onForeign: (ref: PlacedRef) => void;
  readonly #kinds = new Map<string, KindWatch>();
  readonly #followed = new Set<string>();
  readonly #facts = new Map<string, KindFact>();

  constructor(inner: ResourceHandler, onForeign: (ref: PlacedRef) => void) {
    this.#inner = inner;
    this.name = inner.name;
    this.#onForeign = onForeign;
  }

  /** Watches these kinds and no others, as far as the inner handler can watch. */
  follow(kinds: readonly PlacedKind[]): void {
    const wanted = new Map(kinds.map((kind) => [kindKey(kind, kind.store), kind]));
    for (const key of [...this.#followed].filter((one) => !wanted.has(one))) {
      this.#kinds.get(key)?.stop();
      this.#kinds.delete(key);
      this.#followed.delete(key);
    }
    for (const [key, kind] of wanted) {
      if (this.#followed.has(key)) continue;
      this.#followed.add(key);
      this.#watchOf(kind, kind.placement)?.start();
    }
  }

  claims(gvk: GroupVersionKind): boolean {
    return this.#inner.claims(gvk);
  }

  storeOf(gvk: GroupVersionKind, placement: Placement): string {
    return this.#inner.storeOf(gvk, placement);
  }

  kind(gvk: GroupVersionKind, options: CallOptions & Placement): MaybePromise<KindInfo | undefined> {
    return this.#inner.kind(gvk, options);
  }

  /** What was said of a kind, to be compared later: one object for all who are told the same. */
  factOf({ apiVersion, kind }: GroupVersionKind, { store }: Placement, info: KindInfo | undefined): KindFact {
    const gvk = { apiVersion, kind };
    const key = kindKey(gvk, store ?? '');
    const known = this.#facts.get(key);
    if (known !== undefined && isSameKind(known.info, info)) return known;
    const fact: KindFact = { handler: this, gvk, placement: store === undefined ? {} : { store }, info };
    this.#facts.set(key, fact);
    return fact;
  }

  /** What the watch knows is given at once, without a promise. */
  read(ref: ResourceRef, options: CallOptions & Placement): MaybePromise<Resource | undefined> {
    options.signal?.throwIfAborted();
    const watch = this.#watchOf(ref, options);
    const look = watch?.look(ref);
    if (look?.type === 'known') return look.resource;
    return andThen(this.#inner.read(ref, options), (resource) => {
      watch?.learn(ref, resource);
      return resource;
    });
  }

  /** What is known of a resource without asking anybody, to be looked at again later; undefined when nothing is. */
  sight(ref: ResourceRef, placement: Placement): Sighting | undefined {
    return this.#watchOf(ref, placement)?.sight(ref);
  }

  create(target: Resource, options: CreateOptions & Placement): Promise<Resource> {
    return this.#write(refOf(target), options, () => this.#inner.create(target, options));
  }

  apply(target: Resource, options: WriteOptions & Placement): Promise<Resource> {
    return this.#write(refOf(target), options, () => this.#inner.apply(target, options));
  }

  patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions & Placement): Promise<Resource> {
    return this.#write(ref, options, () => this.#inner.patch(ref, patch, options));
  }

  async remove(ref: ResourceRef, options: DeleteOptions & Placement): Promise<void> {
    await this.#write(ref, options, () => this.#inner.remove(ref, options).then(() => undefined));
  }

  async #write<T extends Resource | undefined>(
    ref: ResourceRef,
    options: Placement & { readonly uid?: string },
    write: () => Promise<T>,
  ): Promise<T> {
    const ticket = this.#watchOf(ref, options)?.begin(ref, options.uid);
    try {
      const result = await write();
      ticket?.done(result);
      return result;
    } catch (error) {
      ticket?.failed();
      throw error;
    }
  }

  /** Undefined where the inner handler cannot watch. */
  #watchOf({ apiVersion, kind }: GroupVersionKind, { store: named }: Placement): KindWatch | undefined {
    if (this.#inner.watch === undefined) return undefined;
    const placement: Placement = named === undefined ? {} : { store: named };
    const gvk = { apiVersion, kind };
    const store = this.#inner.storeOf(gvk, placement);
    const key = kindKey(gvk, store);
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const { watch } = this.#inner;
    const events = () => watch?.call(this.#inner, gvk, placement) ?? NEVER;
    const made = new KindWatch(events, (ref) => this.#onForeign({ ...ref, store }));
    this.#kinds.set(key, made);
    return made;
  }
}

/** Whether the same is said of a kind. */
export function isSameKind(a: KindInfo | undefined, b: KindInfo | undefined): boolean {
  return a === b || equalJson(a as unknown as Json, b as unknown as Json);
}

function kindKey(gvk: GroupVersionKind, store: string): string {
  return `${store} ${gvkKey(gvk)}`;
}
