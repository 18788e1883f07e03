import type { Placement, ResourceHandler } from '../contracts/resource-handler.js';
import type { CallOptions, CreateOptions, DeleteOptions, KindInfo, WriteOptions } from '../contracts/store.js';
import { andThen, type JsonObject, type MaybePromise } from '../model/json.js';
import type { GroupVersionKind, Resource, ResourceRef } from '../model/resource.js';
import type { Sighting } from './kind-watch.js';
import { isSameKind, type KindFact, type WatchedHandler } from './watched-handler.js';

/** All that one run reads of resources and their kinds, so that it can be told later whether it would read just that again. */
export class ReadLog {
  /** What the run is to read and write with. */
  readonly handlers: readonly ResourceHandler[];
  readonly #sightings: Sighting[] = [];
  readonly #kinds: KindFact[] = [];
  /** Whether something was read of which no watch knows. */
  #isOpen = false;

  constructor(handlers: readonly WatchedHandler[]) {
    this.handlers = handlers.map((handler) => new LoggedHandler(handler, this));
  }

  /** A run has read the resource; `sighting` is what the watch says of it by then. */
  noteRead(resource: Resource | undefined, sighting: Sighting | undefined): void {
    if (sighting === undefined || sighting.resource !== resource) this.#isOpen = true;
    else this.#sightings.push(sighting);
  }

  /** A run was told this of a kind. */
  noteKind(fact: KindFact): void {
    if (!this.#kinds.includes(fact)) this.#kinds.push(fact);
  }

  /** Whether all of it would be read again now, the same, at once and without asking anybody. */
  get holds(): boolean {
    return !this.#isOpen && this.#sightings.every(({ isCurrent }) => isCurrent) && this.#kinds.every(isTrueStill);
  }
}

function isTrueStill({ handler, gvk, placement, info }: KindFact): boolean {
  const now = handler.kind(gvk, placement);
  if (!(now instanceof Promise)) return isSameKind(now, info);
  // It has to be asked for, which is for a run to do, and for a run to fail of.
  now.catch(() => undefined);
  return false;
}

/** Reads and writes as the handler does, and has the log take note of what is read. */
class LoggedHandler implements ResourceHandler {
  readonly name: string;
  readonly #handler: WatchedHandler;
  readonly #log: ReadLog;

  constructor(handler: WatchedHandler, log: ReadLog) {
    this.name = handler.name;
    this.#handler = handler;
    this.#log = log;
  }

  claims(gvk: GroupVersionKind): boolean {
    return this.#handler.claims(gvk);
  }

  storeOf(gvk: GroupVersionKind, placement: Placement): string {
    return this.#handler.storeOf(gvk, placement);
  }

  kind(gvk: GroupVersionKind, options: CallOptions & Placement): MaybePromise<KindInfo | undefined> {
    return andThen(this.#handler.kind(gvk, options), (info) => {
      this.#log.noteKind(this.#handler.factOf(gvk, options, info));
      return info;
    });
  }

  read(ref: ResourceRef, options: CallOptions & Placement): MaybePromise<Resource | undefined> {
    return andThen(this.#handler.read(ref, options), (resource) => {
      this.#log.noteRead(resource, this.#handler.sight(ref, options));
      return resource;
    });
  }

  create(target: Resource, options: CreateOptions & Placement): Promise<Resource> {
    return this.#handler.create(target, options);
  }

  apply(target: Resource, options: WriteOptions & Placement): Promise<Resource> {
    return this.#handler.apply(target, options);
  }

  patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions & Placement): Promise<Resource> {
    return this.#handler.patch(ref, patch, options);
  }

  remove(ref: ResourceRef, options: DeleteOptions & Placement): Promise<void> {
    return this.#handler.remove(ref, options);
  }
}
