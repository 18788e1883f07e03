import { defer, NEVER, type Observable } from 'rxjs';
import type { Clock } from '../contracts/clock.js';
import type { Placement, ResourceHandler } from '../contracts/resource-handler.js';
import type {
  CallOptions,
  CreateOptions,
  DeleteOptions,
  KindInfo,
  StoreEvent,
  WriteOptions,
} from '../contracts/store.js';
import type { JsonObject, MaybePromise } from '../model/json.js';
import type { GroupVersionKind, Resource, ResourceRef } from '../model/resource.js';
import { healedWatch } from './healed-watch.js';
import { PluginError } from './plugin-errors.js';
import type { PluginGuard } from './plugin-guard.js';
import { checkedResource } from './resource-shape.js';

/** A handler of a plug-in, whose defects are errors that name it; what it claims stays its own even when it is out. */
export class GuardedHandler implements ResourceHandler {
  readonly name: string;
  readonly kinds?: readonly GroupVersionKind[];
  readonly watch?: NonNullable<ResourceHandler['watch']>;
  readonly #handler: ResourceHandler;
  readonly #guard: PluginGuard;
  readonly #part: string;

  constructor(handler: ResourceHandler, guard: PluginGuard, clock: Clock) {
    this.#handler = handler;
    this.#guard = guard;
    this.name = handler.name;
    this.#part = `the resource handler '${handler.name}'`;
    if (handler.kinds !== undefined) this.kinds = handler.kinds;
    // What a handler cannot do is told by the absence of the method, here too.
    if (handler.watch !== undefined) {
      const watch = handler.watch.bind(handler);
      this.watch = (gvk, placement) => this.#watched(() => watch(gvk, placement), clock);
    }
  }

  claims(gvk: GroupVersionKind): boolean {
    try {
      return this.#handler.claims(gvk) === true;
    } catch (error) {
      throw new PluginError(this.#guard.complaint(this.#named('claims'), error), { cause: error });
    }
  }

  storeOf(gvk: GroupVersionKind, placement: Placement): string {
    try {
      return this.#handler.storeOf(gvk, placement);
    } catch (error) {
      throw new PluginError(this.#guard.complaint(this.#named('storeOf'), error), { cause: error });
    }
  }

  kind(gvk: GroupVersionKind, options: CallOptions & Placement): MaybePromise<KindInfo | undefined> {
    return this.#guard.call(this.#named('kind'), () => this.#handler.kind(gvk, options), options.signal);
  }

  read(ref: ResourceRef, options: CallOptions & Placement): MaybePromise<Resource | undefined> {
    return this.#guard.call(
      this.#named('read'),
      () => checkedResource(this.#handler.read(ref, options), { orNone: true }),
      options.signal,
    );
  }

  create(target: Resource, options: CreateOptions & Placement): Promise<Resource> {
    return this.#write('create', () => this.#handler.create(target, options), options);
  }

  apply(target: Resource, options: WriteOptions & Placement): Promise<Resource> {
    return this.#write('apply', () => this.#handler.apply(target, options), options);
  }

  patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions & Placement): Promise<Resource> {
    return this.#write('patch', () => this.#handler.patch(ref, patch, options), options);
  }

  async remove(ref: ResourceRef, options: DeleteOptions & Placement): Promise<void> {
    await this.#guard.call(this.#named('remove'), () => this.#handler.remove(ref, options), options.signal);
  }

  async #write(method: string, work: () => MaybePromise<Resource>, { signal }: CallOptions): Promise<Resource> {
    return this.#guard.call(this.#named(method), () => checkedResource(work()), signal);
  }

  #watched(watch: () => Observable<StoreEvent>, clock: Clock): Observable<StoreEvent> {
    const onFault = (error: unknown): void => this.#guard.incident(this.#named('watch'), error);
    return defer(() => (this.#guard.outage === undefined ? healedWatch(watch, { clock, onFault }) : NEVER));
  }

  #named(method: string): string {
    return `${method} of ${this.#part}`;
  }
}
