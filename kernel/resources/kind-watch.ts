import { type Observable, Subscription } from 'rxjs';
import type { StoreEvent } from '../contracts/store.js';
import { equalJson, type JsonObject } from '../model/json.js';
import { asJson, type Resource, type ResourceRef, refKey, refOf } from '../model/resource.js';
import { OwnWrites, type WriteTicket } from './own-writes.js';

/** What a watch knows of a resource: how it is, or that the store has to be asked. */
export type Look = { readonly type: 'known'; readonly resource: Resource } | { readonly type: 'ask' };

const ASK: Look = { type: 'ask' };

/** What a watch said of a resource at one moment. */
export interface Sighting {
  readonly resource: Resource;
  /** Whether a read would give just that now, without asking the store. */
  readonly isCurrent: boolean;
}

/** Of so many resources it is remembered what this process read or wrote and the watch has not told. */
const REMEMBERED = 10_000;

/**
 * What is known of the resources of one kind in one store, while it is watched and before. Tells of each change that
 * somebody else made, and answers reads as long as it is at least as new as what this process did itself.
 */
export class KindWatch {
  readonly #events: () => Observable<StoreEvent>;
  readonly #onForeign: (ref: ResourceRef) => void;
  readonly #told = new Map<string, Resource>();
  readonly #own = new Map<string, OwnWrites>();
  /** The revision that was read of each resource while no watch told of it; null: it was not there. */
  readonly #read = new Map<string, { readonly ref: ResourceRef; readonly revision: string | null }>();
  readonly #remembered: number;
  #subscription: Subscription | undefined;
  #synced = false;
  /** Whether something was forgotten that the watch had not told: then what it tells for the first time may be old. */
  #hasForgotten = false;
  /** What may be old for that reason, until the store says the same. */
  readonly #doubted = new Set<string>();

  constructor(
    events: () => Observable<StoreEvent>,
    onForeign: (ref: ResourceRef) => void,
    { remembered = REMEMBERED }: { readonly remembered?: number } = {},
  ) {
    this.#events = events;
    this.#onForeign = onForeign;
    this.#remembered = remembered;
  }

  /** Of how many resources it remembers what the watch has not told. */
  get remembered(): number {
    return Math.max(this.#read.size, this.#own.size);
  }

  /** Begins to watch; does nothing when it does so already. */
  start(): void {
    if (this.#subscription !== undefined) return;
    // Known before it is filled: a store may tell all that is there while it is subscribed to.
    const subscription = new Subscription();
    this.#subscription = subscription;
    subscription.add(this.#events().subscribe((event) => this.#onEvent(event)));
  }

  /** Watches no more, and forgets what it was told. */
  stop(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#synced = false;
    this.#hasForgotten = false;
    this.#told.clear();
    this.#own.clear();
    this.#read.clear();
    this.#doubted.clear();
  }

  /**
   * What may be believed of the resource without asking the store. Never that it is not there: a watch may be of some
   * namespaces only, or wait for its kind, and what is taken for gone is made anew, or forgotten.
   */
  look(ref: ResourceRef): Look {
    return this.lookUp(refKey(ref));
  }

  /** What {@link look} knows, to be looked at again later; undefined when the store has to be asked. */
  sight(ref: ResourceRef): Sighting | undefined {
    const key = refKey(ref);
    const look = this.lookUp(key);
    if (look.type === 'ask') return undefined;
    return new Sight(look.resource, this, key);
  }

  /** As {@link look}, by the key of the resource. */
  lookUp(key: string): Look {
    const resource = this.#told.get(key);
    if (!this.#synced || resource === undefined || this.#doubted.has(key)) return ASK;
    if (this.#own.get(key)?.isDoubtful === true) return ASK;
    return { type: 'known', resource };
  }

  /** The store was asked, and this is how the resource is. */
  learn(ref: ResourceRef, resource: Resource | undefined): void {
    const key = refKey(ref);
    const revision = resource?.metadata.resourceVersion ?? null;
    if (!this.#synced) {
      this.#note(key, ref, revision);
      return;
    }
    if (revisionOf(this.#told.get(key)) !== revision) return;
    this.#doubted.delete(key);
    const own = this.#own.get(key);
    if (own === undefined) return;
    own.confirm(resource);
    this.#tidy(key, own);
  }

  /** A write to the resource begins. @param uid of the object that a deletion is about, when that is known */
  begin(ref: ResourceRef, uid?: string): WriteTicket {
    const key = refKey(ref);
    if (this.#subscription === undefined) {
      return {
        done: (result) => this.#note(key, ref, revisionOf(result)),
        failed: () => this.#read.delete(key),
      };
    }
    const own = this.#own.get(key) ?? new OwnWrites();
    // The one that was written last is the last to be forgotten.
    this.#own.delete(key);
    this.#own.set(key, own);
    const ticket = own.begin(
      () => this.#told.get(key),
      () => this.#onForeign(ref),
      uid,
    );
    return {
      done: (result) => {
        if (!this.#synced) this.#note(key, ref, revisionOf(result));
        ticket.done(result);
        this.#tidy(key, own);
      },
      failed: () => {
        ticket.failed();
        this.#tidy(key, own);
      },
    };
  }

  #onEvent(event: StoreEvent): void {
    if (event.type === 'synced') {
      this.#synced = true;
      this.#compareWithReads();
      return;
    }
    const { resource } = event;
    const ref = refOf(resource);
    const key = refKey(ref);
    const before = this.#told.get(key);
    const own = this.#own.get(key);
    if (event.type === 'deleted') {
      this.#told.delete(key);
      this.#doubted.delete(key);
    } else {
      this.#told.set(key, resource);
      if (this.#hasForgotten && before === undefined && own === undefined) this.#doubted.add(key);
    }
    const foreign = own === undefined || (event.type === 'deleted' ? own.deleted(resource) : own.changed(resource));
    if (own !== undefined) this.#tidy(key, own);
    if (!this.#synced || !foreign) return;
    if (event.type !== 'deleted' && before !== undefined && saysTheSame(before, resource)) return;
    this.#onForeign(ref);
  }

  /** What changed between a read and the moment at which the watch had told all is told now. */
  #compareWithReads(): void {
    const read = [...this.#read];
    this.#read.clear();
    for (const [key, { ref, revision }] of read) {
      const caughtUp = this.#own.get(key)?.isDoubtful !== true;
      if (caughtUp && revisionOf(this.#told.get(key)) !== revision) this.#onForeign(ref);
    }
    if (!this.#hasForgotten) return;
    const known = new Set(read.map(([key]) => key));
    for (const [key, resource] of this.#told) if (!known.has(key)) this.#onForeign(refOf(resource));
  }

  #note(key: string, ref: ResourceRef, revision: string | null): void {
    this.#read.delete(key);
    this.#read.set(key, { ref, revision });
    if (this.#read.size <= this.#remembered) return;
    const [oldest] = this.#read.keys();
    if (oldest === undefined) return;
    this.#read.delete(oldest);
    this.#hasForgotten = true;
  }

  #tidy(key: string, own: OwnWrites): void {
    if (own.isSettled) this.#own.delete(key);
    if (this.#own.size > this.#remembered) this.#forgetOldest();
  }

  /** What the watch has not told is asked for anyway, so that no more is lost than whose change its first word of it is. */
  #forgetOldest(): void {
    for (const [key, own] of this.#own) {
      if (own.isUnderWay || this.#told.has(key)) continue;
      this.#own.delete(key);
      this.#hasForgotten = true;
      return;
    }
  }
}

class Sight implements Sighting {
  readonly #watch: KindWatch;
  readonly #key: string;

  constructor(
    readonly resource: Resource,
    watch: KindWatch,
    key: string,
  ) {
    this.#watch = watch;
    this.#key = key;
  }

  get isCurrent(): boolean {
    const look = this.#watch.lookUp(this.#key);
    return look.type === 'known' && look.resource === this.resource;
  }
}

function revisionOf(resource: Resource | undefined): string | null {
  return resource?.metadata.resourceVersion ?? null;
}

/** Whether two states of a resource differ in nothing but their revision. */
function saysTheSame(before: Resource, after: Resource): boolean {
  return equalJson(withoutRevision(before), withoutRevision(after));
}

function withoutRevision(resource: Resource): JsonObject {
  const { metadata, ...content } = resource;
  const { resourceVersion: _revision, ...rest } = metadata;
  return asJson({ ...content, metadata: rest } as Resource);
}
