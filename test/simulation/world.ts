import { asJson, compareResource, type JsonObject, type Resource, type ResourceRef } from 'koreo-kernel';
import { MemoryStore, type StoreCall, type VirtualClock } from 'koreo-kernel/testing';
import {
  definitionsOf,
  GROUP,
  KINDS,
  TRIGGERS,
  type TriggerName,
  triggerOf,
  type Wanted,
  type WorldModel,
  wantedOf,
} from './world-model.js';

const RECORD = 'koreo.dev/managed-resources';
const LAST_APPLIED = 'koreo.dev/last-applied-configuration';

/** Nobody is further behind than this: what has been wanted for longer is known by everybody to be wanted. */
const KNOWN_AFTER_MS = 180_000;

/** How the store of a world behaves. */
export interface WorldStore {
  readonly holdsDeletion: boolean;
  readonly ownsFields: boolean;
}

/** The store, what people want to be in it, and what must never happen to it. */
export class World {
  readonly store: MemoryStore;
  readonly problems: string[] = [];
  readonly #clock: VirtualClock;
  readonly #behaviour: WorldStore;
  readonly #foreign: readonly Resource[];
  readonly #since = new Map<string, { readonly wanted: string; readonly spec: JsonObject; readonly at: number }>();
  /** When what is wanted no longer was wanted last. */
  readonly #until = new Map<string, number>();
  #model: WorldModel;
  /** Whether a call is somebody else's and not a kernel's. */
  #isMeddling = false;

  constructor(clock: VirtualClock, model: WorldModel, behaviour: WorldStore) {
    this.#clock = clock;
    this.#behaviour = behaviour;
    this.store = new MemoryStore({ now: () => clock.now(), ...behaviour });
    this.#foreign = KINDS.flatMap((kind) => ['other', 'one-x'].map((name) => this.store.put(foreign(kind, name))));
    this.#model = model;
    this.want(model);
    this.store.intercept((call) => this.#witness(call));
  }

  get model(): WorldModel {
    return this.#model;
  }

  /** People want this from now on: definitions are changed, and triggers made, changed and deleted. */
  want(model: WorldModel): void {
    this.#model = model;
    for (const definition of definitionsOf(model)) this.#putChanged(definition);
    for (const name of TRIGGERS) this.#wantTrigger(name);
    const wanted = wantedOf(model);
    for (const key of [...this.#since.keys()].filter((one) => !wanted.has(one))) {
      this.#since.delete(key);
      this.#until.set(key, this.#clock.now());
    }
    for (const [key, { spec, by }] of wanted) {
      const text = JSON.stringify({ spec, by });
      if (this.#since.get(key)?.wanted !== text) this.#since.set(key, { wanted: text, spec, at: this.#clock.now() });
    }
  }

  see(kind: string, name: string): Resource | undefined {
    return this.store.peek(refTo(kind, name));
  }

  /** What is there of the kinds that are managed, and not foreign. */
  get managed(): readonly Resource[] {
    return this.store.resources.filter(
      ({ kind, metadata }) => isManagedKind(kind) && !this.#foreign.some((one) => one.metadata.uid === metadata.uid),
    );
  }

  /** Deletes what is managed as others would. */
  remove({ kind, metadata }: Resource): void {
    this.#isMeddling = true;
    void this.store.delete(refTo(kind, metadata.name));
    this.#isMeddling = false;
  }

  /** What is not, now, as it has to be in the end. */
  faults(): readonly string[] {
    const wanted = wantedOf(this.#model);
    return [
      ...[...wanted.values()].flatMap((one) => this.#faultOf(one)),
      ...this.managed.flatMap((one) => this.#orphanFault(one, wanted)),
      ...this.#foreign.flatMap((one) => this.#foreignFault(one)),
      ...TRIGGERS.flatMap((name) => this.#triggerFault(name, wanted)),
    ];
  }

  #wantTrigger(name: TriggerName): void {
    const wanted = this.#model.triggers[name];
    const there = this.see('Order', name);
    if (wanted === undefined) {
      if (there !== undefined && !isLeaving(there)) void this.store.delete(refTo('Order', name));
    } else if (there === undefined || !isLeaving(there)) {
      this.#putChanged(triggerOf(name, wanted));
    }
  }

  /** As its author would: what others have set stays. */
  #putChanged(resource: Resource): void {
    const { apiVersion, kind, metadata } = resource;
    const { name, namespace } = metadata;
    const there = this.store.peek({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) });
    if (there === undefined) this.store.put(resource);
    else if (JSON.stringify(there.spec) !== JSON.stringify(resource.spec)) {
      this.store.put({ ...there, ...(resource.spec === undefined ? {} : { spec: resource.spec }) });
    }
  }

  /** Sees each call right before it takes effect. */
  #witness({ verb, ref, options }: StoreCall): void {
    if (!isManagedKind(ref.kind) || ref.name === undefined || this.#isMeddling) return;
    if (verb === 'create' && this.#behaviour.holdsDeletion && !this.#isOnRecord(ref.kind, ref.name)) {
      this.problems.push(`${ref.kind} ${ref.name} was made before it was on record with a trigger that is held`);
    }
    if (verb !== 'delete') return;
    const there = this.see(ref.kind, ref.name);
    const since = this.#since.get(`${ref.kind} ${ref.name}`);
    // What is wanted, as far as everybody knows, may have to be recreated.
    const unwanted = this.#clock.now() - (this.#until.get(`${ref.kind} ${ref.name}`) ?? 0) > KNOWN_AFTER_MS;
    if (
      unwanted &&
      there !== undefined &&
      since === undefined &&
      options.revision === there.metadata.resourceVersion &&
      !isMarked(there)
    ) {
      this.problems.push(`${ref.kind} ${ref.name} was deleted, which nobody here has made`);
    }
    if (there === undefined || since === undefined || isLeaving(there)) return;
    if (options.revision !== undefined && options.revision !== there.metadata.resourceVersion) return;
    if (options.uid !== undefined && options.uid !== there.metadata.uid) return;
    const known = this.#clock.now() - since.at > KNOWN_AFTER_MS;
    if (known && compareResource({ spec: since.spec }, asJson(there)).length === 0) {
      this.problems.push(`${ref.kind} ${ref.name} was deleted, which is wanted, and as it should be`);
    }
  }

  #isOnRecord(kind: string, name: string): boolean {
    return this.store.resources.some(
      (one) =>
        one.kind === 'Order' &&
        (one.metadata.finalizers ?? []).includes(RECORD) &&
        recordOf(one).includes(`${kind} ${name}`),
    );
  }

  #faultOf({ kind, name, spec }: Wanted): readonly string[] {
    const there = this.see(kind, name);
    if (there === undefined) return [`${kind} ${name} is missing`];
    const differences = compareResource({ spec }, asJson(there)).map(({ path }) => path.join('.'));
    const { extra } = (there.spec ?? {}) as { extra?: unknown };
    const stale = this.#behaviour.ownsFields && spec.extra === undefined && extra !== undefined ? ['spec.extra'] : [];
    return [...differences, ...stale].map((path) => `${kind} ${name} differs at ${path}`);
  }

  #orphanFault({ kind, metadata }: Resource, wanted: ReadonlyMap<string, Wanted>): readonly string[] {
    const isOurs = metadata.annotations?.[LAST_APPLIED] !== undefined;
    const isAbandoned = metadata.labels?.['koreo.dev/abandoned'] === 'true';
    const isWanted = wanted.has(`${kind} ${metadata.name}`);
    if (isWanted) return isAbandoned ? [`${kind} ${metadata.name} is wanted and marked as abandoned`] : [];
    return isOurs && !isAbandoned ? [`${kind} ${metadata.name} is an orphan`] : [];
  }

  #foreignFault(before: Resource): readonly string[] {
    const now = this.see(before.kind, before.metadata.name);
    return JSON.stringify(now) === JSON.stringify(before) ? [] : [`${before.kind} ${before.metadata.name} was touched`];
  }

  #triggerFault(name: TriggerName, wanted: ReadonlyMap<string, Wanted>): readonly string[] {
    const there = this.see('Order', name);
    if (this.#model.triggers[name] === undefined) return there === undefined ? [] : [`Order ${name} is still there`];
    if (there === undefined) return [`Order ${name} is missing`];
    const mine = [...wanted].flatMap(([key, { by }]) => (by.includes(name) ? [key] : [])).toSorted();
    const recorded = recordOf(there).toSorted();
    const conditions = (there.status?.conditions ?? []) as readonly Record<string, unknown>[];
    const ready = conditions.find(({ type }) => type === 'Ready');
    const isHeld = (there.metadata.finalizers ?? []).includes(RECORD);
    return [
      ...(ready?.status === 'True' ? [] : [`Order ${name} says ${ready?.status} ${ready?.reason}: ${ready?.message}`]),
      ...(ready?.observedGeneration === there.metadata.generation
        ? []
        : [`Order ${name} speaks of another generation`]),
      ...(String(recorded) === String(mine) ? [] : [`Order ${name} records ${recorded} and not ${mine}`]),
      ...(isHeld === (this.#behaviour.holdsDeletion && mine.length > 0) ? [] : [`Order ${name} is held: ${isHeld}`]),
    ];
  }
}

export function refTo(kind: string, name: string): ResourceRef {
  return { apiVersion: GROUP, kind, name, namespace: 'sim' };
}

export function isLeaving({ metadata }: Resource): boolean {
  return (metadata.deletionTimestamp ?? null) !== null;
}

/** Whether a kernel has made it, or taken it over. */
function isMarked({ metadata }: Resource): boolean {
  const owners = (metadata.ownerReferences ?? []) as readonly { readonly kind?: unknown }[];
  return metadata.annotations?.[LAST_APPLIED] !== undefined || owners.some(({ kind }) => kind === 'Order');
}

function isManagedKind(kind: string): boolean {
  return (KINDS as readonly string[]).includes(kind);
}

function foreign(kind: string, name: string): Resource {
  return { apiVersion: GROUP, kind, metadata: { name, namespace: 'sim', labels: { of: 'others' } }, spec: { size: 5 } };
}

/** What a trigger's annotation lists, as `Kind name`. */
function recordOf({ metadata }: Resource): readonly string[] {
  const text = metadata.annotations?.[RECORD];
  if (text === undefined) return [];
  const found: string[] = [];
  JSON.parse(text, (_key, value) => {
    if (typeof value?.kind === 'string' && typeof value.name === 'string') found.push(`${value.kind} ${value.name}`);
    return value;
  });
  return found;
}
