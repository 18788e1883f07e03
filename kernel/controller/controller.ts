import type { Subscription } from 'rxjs';
import { inject, injectable } from 'tsyringe';
import type { Store } from '../contracts/store.js';
import type { DefinitionLookup } from '../definitions/definition-lookup.js';
import { formatRef, type ResourceRef, refOf } from '../model/resource.js';
import { STORE_ROUTER, type TriggerRouting } from '../resources/store-router.js';
import type { QueueStats } from '../scheduler/queue-stats.js';
import { Scheduler } from '../scheduler/scheduler.js';
import { Announcer } from './announcer.js';
import { INCIDENT_SINK, type IncidentSink } from './incident.js';
import { dependencyStamp, LIVE_DEFINITIONS, type LiveDefinitions, triggerKinds } from './live-definitions.js';
import { ManagedWatches } from './managed-watches.js';
import { type LastRun, leftBy, TriggerBook, triggerKey } from './trigger-book.js';
import { recordedManaged } from './trigger-view.js';
import { type TriggerEvent, TriggerWatches } from './trigger-watches.js';
import type { WatchedKind } from './watched-kind.js';

/** How a trigger stands. */
export interface TriggerStatus {
  readonly trigger: ResourceRef;
  readonly store: string;
  /** What its last run came to; absent before the first. */
  readonly lastRun?: LastRun;
  /** Whether that left it Ready or skipped, and the trigger shows so. */
  readonly ready: boolean;
}

/** Turns every change that matters into a key on the queue: of triggers, and of definitions that they depend on. */
@injectable()
export class Controller {
  readonly #watches: TriggerWatches;
  #changes: Subscription | undefined;

  constructor(
    @inject(LIVE_DEFINITIONS) private readonly definitions: LiveDefinitions,
    @inject(TriggerBook) private readonly book: TriggerBook,
    @inject(Scheduler) private readonly scheduler: Scheduler,
    @inject(STORE_ROUTER) routing: TriggerRouting,
    @inject(INCIDENT_SINK) private readonly tell: IncidentSink,
    @inject(Announcer) private readonly announcer: Announcer,
    @inject(ManagedWatches) private readonly managed: ManagedWatches,
  ) {
    this.#watches = new TriggerWatches(routing, (event) => this.#onTrigger(event));
  }

  /** Begins with the definitions as they are now; to be called once, when they are known. */
  start(): void {
    this.#changes = this.definitions.changes.subscribe(({ definitions }) => this.#onDefinitions(definitions));
    this.managed.start(
      (trigger, resource) => this.#onManaged(trigger, resource),
      () => this.#watches.synced,
    );
    this.#onDefinitions(this.definitions.current);
    this.scheduler.start();
  }

  /** Whether every trigger that is there is known, nothing is due and nothing runs. */
  get idle(): boolean {
    return this.#watches.synced && this.scheduler.idle;
  }

  /** The watches of triggers that have not told yet all that was there. */
  get unsynced(): readonly WatchedKind[] {
    return this.#watches.unsynced;
  }

  /** How the queue stands now. */
  queue(): QueueStats {
    return this.scheduler.stats();
  }

  whenSynced(): Promise<void> {
    return this.#watches.whenSynced();
  }

  /** Resolves when all triggers are known and the queue has once been empty, or when the controller has stopped. */
  async whenIdle(): Promise<void> {
    await this.#watches.whenSynced();
    await this.scheduler.whenIdle();
  }

  /** Every trigger that is known, in the order in which they became so. */
  triggers(): readonly TriggerStatus[] {
    return [...this.book.records()].map(({ resource, store, lastRun }) => ({
      trigger: refOf(resource),
      store: store.name,
      ...(lastRun === undefined ? {} : { lastRun }),
      ready: lastRun !== undefined && isReady(lastRun),
    }));
  }

  /** Listens to nothing more, and waits for runs to end, no longer than `graceMs`. Gives how many had to be broken off. */
  async stop(graceMs: number): Promise<number> {
    this.#changes?.unsubscribe();
    this.#watches.stop();
    this.managed.stop();
    return this.scheduler.stop(graceMs);
  }

  #onTrigger({ store, event, initial }: TriggerEvent): void {
    if (event.type === 'deleted') {
      this.#onGone(triggerKey(store.name, refOf(event.resource)), store);
      return;
    }
    const { key, cause } = this.book.see(store, event.resource);
    // Before its first run, a trigger is about what is on record.
    if (this.book.get(key)?.stamp === undefined) this.managed.set(key, recordedManaged(event.resource));
    if (cause !== undefined) this.scheduler.add(key, cause === 'added' && initial ? 'start' : cause);
  }

  /** Where nothing holds what is deleted, what it managed is let go of afterwards. */
  #onGone(key: string, { holdsDeletion = false }: Store): void {
    const record = this.book.get(key);
    if (record !== undefined && !holdsDeletion && leftBy(record) !== undefined) {
      record.departed = true;
      this.scheduler.add(key, 'deleted');
      return;
    }
    this.book.drop(key);
    this.scheduler.forget(key);
    this.managed.set(key, undefined);
  }

  #onManaged(trigger: string, resource: ResourceRef): void {
    if (this.book.get(trigger) !== undefined) this.scheduler.add(trigger, 'managed', formatRef(resource));
  }

  #onDefinitions(definitions: DefinitionLookup): void {
    this.announcer.changed(definitions);
    const { ended, errors } = this.#watches.follow(new Map([...this.book.boundKinds(), ...triggerKinds(definitions)]));
    for (const error of errors) this.tell({ source: 'trigger watch', error });
    // A last run tells the triggers of a kind that no Workflow names any more.
    for (const key of ended.flatMap((gvk) => this.book.keysOf(gvk))) this.scheduler.add(key, 'definition');
    for (const { key, resource, used, stamp } of this.book.records()) {
      // Before its first run a trigger is in line already; one that runs compares at the end.
      if (stamp === undefined || this.scheduler.isRunning(key)) continue;
      if (dependencyStamp(definitions, resource, used) !== stamp) this.scheduler.add(key, 'definition');
    }
  }
}

function isReady({ outcome, error }: LastRun): boolean {
  return error === undefined && (outcome.type === 'Ok' || outcome.type === 'Skip');
}
