import { setTimeout } from 'node:timers/promises';
import {
  asJson,
  asResource,
  freezeDeep,
  type GroupVersionKind,
  isObject,
  type Json,
  type JsonObject,
  mergePatch,
  type Resource,
  type ResourceHandler,
  type ResourceRef,
  refOf,
} from '../../../plugin.js';
import type { VirtualClock } from '../../virtual-clock.js';
import type { Assertions } from '../assertions.js';
import { EventLog } from '../event-log.js';

/** Where resource handlers may differ without breaking their promises. There is no case for what one cannot do. */
export interface HandlerCapabilities {
  /** Resources can be made; else `create` refuses for good. */
  readonly creates: boolean;
  /** What is there can be changed; else `apply` and `patch` refuse for good what would change it. */
  readonly updates: boolean;
  /** What is there can be deleted; else `remove` refuses for good. */
  readonly removes: boolean;
  /** A spec has several fields, so that two changes can stand side by side. */
  readonly severalFields: boolean;
  /** The handler knows of changes that others make: it has a `watch`. */
  readonly watches: boolean;
  /** Resources have a revision, so that a write which was computed from an older one is refused. */
  readonly revisions: boolean;
  /** Resources have a uid that stays theirs, so that a write which is meant for another object is refused. */
  readonly uids: boolean;
  /** Nothing can come between the check of a revision and the write, so that of several guarded writes one wins. */
  readonly guardsAtomically: boolean;
  /** There are resources that the kind cannot be: `samples.refused` is there. */
  readonly refuses: boolean;
  /** `outside.breakDown` is there. */
  readonly breaksDown: boolean;
}

export const DEFAULT_HANDLER_CAPABILITIES: HandlerCapabilities = {
  creates: true,
  updates: true,
  removes: true,
  severalFields: true,
  watches: true,
  revisions: true,
  uids: true,
  guardsAtomically: true,
  refuses: true,
  breaksDown: true,
};

/** Resources of one kind that the handler claims. */
export interface HandlerSamples {
  /** A resource as a function asks for it: its name, its namespace if it has one, and a spec; no uid, and no revision. */
  resource(name: string): Resource;
  /** Two merge patches of the spec of such a resource, or more. Each changes another field, if there are several, and can be made alone. */
  readonly changes: readonly [JsonObject, JsonObject, ...JsonObject[]];
  /** What no resource of the kind can be. */
  readonly refused?: readonly Resource[];
}

/** What the handler speaks for, as somebody sees and changes it who knows nothing of the handler. */
export interface HandledWorld {
  /** What is there of a resource, raw: the text of a file, an item of an API. Undefined when it is not there. */
  look(ref: ResourceRef): Promise<Json | undefined>;
  /** Makes the resource be there as given: creates it, or replaces what it says. */
  put(resource: Resource): Promise<void>;
  remove(ref: ResourceRef): Promise<void>;
  /** Makes it so that nothing can be read or written until what it gives is called, which brings all back as it was. */
  breakDown?(): Promise<() => Promise<void>>;
}

/** One handler under test around an empty world, and the means to look behind it. */
export interface HandlerHarness {
  readonly handler: ResourceHandler;
  readonly samples: HandlerSamples;
  readonly outside: HandledWorld;
  /** The clock that the handler was made with: it is moved on while a watch is waited for, and no timer may be left on it. */
  readonly clock?: VirtualClock;
  /** What the handler has touched beyond its own place; nothing, that is. */
  escapes?(): Promise<readonly string[]>;
  /** Lets go of all, and removes all traces. */
  dispose(): Promise<void>;
}

export type MakeHandlerHarness = () => Promise<HandlerHarness>;

/** What a group of tests registers itself with. */
export interface HandlerContract {
  readonly capabilities: HandlerCapabilities;
  test(title: string, run: (t: Assertions, subject: HandlerSubject) => Promise<void>): void;
}

/** A step of virtual time while something is waited for, and the real time in which what goes on outside can go on. */
const STEP_MS = 5000;
const BREATH_MS = 1;

/** The handler under test with its samples, in the words of the tests. */
export class HandlerSubject {
  readonly handler: ResourceHandler;
  readonly outside: HandledWorld;
  readonly samples: HandlerSamples;
  readonly clock: VirtualClock | undefined;
  readonly one: Resource;
  readonly ref: ResourceRef;
  readonly #harness: HandlerHarness;
  readonly #watches: EventLog[] = [];

  constructor(harness: HandlerHarness) {
    this.#harness = harness;
    this.handler = harness.handler;
    this.outside = harness.outside;
    this.samples = harness.samples;
    this.clock = harness.clock;
    this.one = this.sample('one');
    this.ref = refOf(this.one);
  }

  get gvk(): GroupVersionKind {
    const { apiVersion, kind } = this.ref;
    return { apiVersion, kind };
  }

  /** A sample that nobody can change. */
  sample(name: string): Resource {
    return frozen(structuredClone(this.samples.resource(name)));
  }

  /** The sample with another name, which may be any text. */
  named(name: string): Resource {
    return frozen({ ...this.one, metadata: { ...this.one.metadata, name } });
  }

  /** The merge patch of a resource that makes the change, or the first. */
  patch(change = 0): JsonObject {
    return freezeDeep({ spec: this.change(change) });
  }

  /** The sample with a change made to it, or the first. */
  changed(change = 0, resource: Resource = this.one): Resource {
    return frozen({ ...resource, spec: mergePatch(specOf(resource), this.change(change)) });
  }

  change(index: number): JsonObject {
    const change = this.samples.changes[index];
    if (change === undefined) throw new Error('the harness has to give two `samples.changes` or more');
    return change;
  }

  /** Has the resource be there without asking the handler for it, and gives it as the handler reads it. */
  async present(resource: Resource = this.one): Promise<Resource> {
    await this.outside.put(resource);
    const read = await this.read(refOf(resource));
    if (read === undefined) throw new Error(`read gave undefined for '${refOf(resource).name}', which was put there`);
    return read;
  }

  /** What the handler reads; rejects where it throws. */
  async read(ref: ResourceRef = this.ref, signal?: AbortSignal): Promise<Resource | undefined> {
    return this.handler.read(ref, signal === undefined ? {} : { signal });
  }

  /** All that must stay the same when nothing was written. */
  async witness(): Promise<unknown> {
    return [await this.read(), await this.outside.look(this.ref)];
  }

  async escapes(): Promise<readonly string[]> {
    return (await this.#harness.escapes?.()) ?? [];
  }

  /** Watches until the case is over, at the latest. */
  watch(): EventLog {
    const events = this.handler.watch?.(this.gvk, {});
    if (events === undefined) throw new Error('the handler has no watch: give the capability `watches: false`');
    const log = new EventLog(events, this.clock === undefined ? undefined : () => this.passTime());
    this.#watches.push(log);
    return log;
  }

  /** Watches and waits for `synced`. */
  async synced(): Promise<EventLog> {
    const log = this.watch();
    await log.synced();
    return log;
  }

  /** What is done while nothing can be read or written. */
  async whileBroken<T>(work: () => Promise<T>): Promise<T> {
    const { breakDown } = this.outside;
    if (breakDown === undefined) throw new Error('`outside.breakDown` is missing: see the capability `breaksDown`');
    const repair = await breakDown.call(this.outside);
    try {
      return await work();
    } finally {
      await repair();
    }
  }

  /** The case is over, whatever came of it. */
  end(): void {
    for (const log of this.#watches) log.stop();
  }

  /** Lets time pass, and the world outside answer. */
  async passTime(): Promise<void> {
    await this.clock?.advance(STEP_MS);
    await setTimeout(BREATH_MS);
  }
}

/** The spec of a resource; empty where it has none. */
export function specOf({ spec }: Resource): JsonObject {
  return isObject(spec) ? spec : {};
}

function frozen(resource: Resource): Resource {
  return asResource(freezeDeep(asJson(resource)));
}

/** Whether the resource says all that the change asks for: making the change again changes nothing. */
export function hasChange(t: Assertions, resource: Resource | undefined, change: JsonObject, message?: string): void {
  const spec = resource === undefined ? undefined : specOf(resource);
  t.deepEqual(spec, spec === undefined ? change : mergePatch(spec, change), message);
}
