import { inject, injectable } from 'tsyringe';
import type { Placement, ResourceHandler } from '../contracts/resource-handler.js';
import { RESOURCE_HANDLERS } from '../contracts/resource-handler.js';
import { flattenManaged, type ManagedResource, type ManagedWorkflow } from '../model/managed-resources.js';
import type { GroupVersionKind, ResourceRef } from '../model/resource.js';
import { type KindPattern, kindMatcher } from '../resources/kind-pattern.js';
import { ReadLog } from '../resources/read-log.js';
import { type PlacedRef, WatchedHandler } from '../resources/watched-handler.js';
import { INCIDENT_SINK, type IncidentSink } from './incident.js';
import { ManagedBook, type PlacedResource } from './managed-book.js';

/** Managed kinds that are not to be watched: each run reads them, and their drift is found by the next. */
export const UNWATCHED = Symbol.for('koreo.unwatched');

/** Told of each trigger of which a resource was changed by somebody else, and which that is. */
export type OnManagedChange = (trigger: string, resource: ResourceRef) => void;

/** Watches the kinds of which something is managed, each only as long, and finds the triggers that a change is about. */
@injectable()
export class ManagedWatches {
  /** What resources are read and written with, so that what is done to them is known here. */
  readonly handlers: readonly ResourceHandler[];
  readonly #watched: readonly WatchedHandler[];
  readonly #book = new ManagedBook();
  readonly #unwatched: readonly ((gvk: GroupVersionKind) => boolean)[];
  #onChange: OnManagedChange | undefined;
  #knowsAll: () => boolean = () => true;

  constructor(
    @inject(RESOURCE_HANDLERS) handlers: readonly ResourceHandler[],
    @inject(INCIDENT_SINK) private readonly tell: IncidentSink,
    @inject(UNWATCHED) unwatched: readonly KindPattern[],
  ) {
    this.#unwatched = unwatched.map(kindMatcher);
    this.#watched = handlers.map((handler) => new WatchedHandler(handler, (ref) => this.#changed(ref)));
    this.handlers = this.#watched;
  }

  /**
   * Tells of changes from now on; before that they matter to nobody.
   * @param knowsAll whether every trigger that is there has been told of, so that what none is about is nobody's
   */
  start(onChange: OnManagedChange, knowsAll: () => boolean): void {
    this.#onChange = onChange;
    this.#knowsAll = knowsAll;
    this.#follow();
  }

  /** What one run is to read and write with, and what keeps a log of what it reads. */
  log(): ReadLog {
    return new ReadLog(this.#watched);
  }

  /** Whether {@link triggersOf} knows of all triggers that there are. */
  get knowsAll(): boolean {
    return this.#knowsAll();
  }

  /** Ends every watch. */
  stop(): void {
    this.#onChange = undefined;
    for (const handler of this.#watched) handler.follow([]);
  }

  /** Takes note of all that a trigger is about. */
  set(trigger: string, managed: ManagedWorkflow | undefined): void {
    const resources = managed === undefined ? [] : flattenManaged(managed).flatMap((one) => this.#placed(one));
    if (this.#book.set(trigger, resources)) this.#follow();
  }

  /** A trigger is about this resource no longer. */
  forget(trigger: string, resource: ManagedResource): void {
    for (const placed of this.#placed(resource)) {
      if (this.#book.forget(trigger, placed)) this.#follow();
    }
  }

  /** The triggers that are about a resource. */
  triggersOf(resource: ManagedResource): readonly string[] {
    return this.#placed(resource).flatMap((placed) => this.#book.triggersOf(placed));
  }

  /** A run of a trigger has changed a resource. Watches tell nobody of what this process writes, but others may be about it. */
  changedBy(trigger: string, resource: ManagedResource): void {
    for (const other of this.triggersOf(resource)) if (other !== trigger) this.#onChange?.(other, resource);
  }

  #changed(ref: PlacedRef): void {
    for (const trigger of this.#book.triggersOf(ref)) this.#onChange?.(trigger, ref);
  }

  #follow(): void {
    if (this.#onChange === undefined) return;
    const kinds = this.#book
      .kinds()
      .filter((kind) => !this.#unwatched.some((matches) => matches(kind)))
      .map((kind) => ({ kind, handler: this.#claimant(kind) }));
    for (const handler of this.#watched) {
      try {
        handler.follow(kinds.filter((one) => one.handler === handler).map(({ kind }) => kind));
      } catch (error) {
        this.tell({ source: `watch of managed resources by ${handler.name}`, error });
      }
    }
  }

  /** Nobody when a handler cannot say what it claims; whoever runs is told so. */
  #claimant(gvk: GroupVersionKind): WatchedHandler | undefined {
    try {
      return this.#handlerFor(gvk);
    } catch {
      return undefined;
    }
  }

  #handlerFor(gvk: GroupVersionKind): WatchedHandler | undefined {
    return this.#watched.find((handler) => handler.claims(gvk));
  }

  /** Nothing when no store holds the kind; whoever runs is told so. */
  #placed({ apiVersion, kind, name, namespace, store: named }: ManagedResource): readonly PlacedResource[] {
    const placement: Placement = named === undefined ? {} : { store: named };
    try {
      const store = this.#handlerFor({ apiVersion, kind })?.storeOf({ apiVersion, kind }, placement);
      if (store === undefined) return [];
      return [{ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }), store, placement }];
    } catch {
      return [];
    }
  }
}
