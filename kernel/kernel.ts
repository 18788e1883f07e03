import { combineLatest, concat, defer, EMPTY, map, merge, type Observable, of } from 'rxjs';
import { type DependencyContainer, inject, injectable, container as root } from 'tsyringe';
import { compose, KERNEL_PARTS, LOOP_OPTIONS } from './composition/compose.js';
import { KernelStateError } from './composition/kernel-errors.js';
import type { KernelOptions, LoopOptions } from './composition/kernel-options.js';
import type { KernelParts } from './composition/kernel-parts.js';
import { Outlets } from './composition/outlets.js';
import type { Workbench } from './composition/workbench.js';
import type { ResourceHandler } from './contracts/resource-handler.js';
import type { RunReport } from './contracts/run-report.js';
import type { Store, StoreHealth } from './contracts/store.js';
import type { StoreActivity } from './contracts/store-activity.js';
import { Controller, type TriggerStatus } from './controller/controller.js';
import { DefinitionFeed } from './controller/definition-feed.js';
import { DefinitionStatus } from './controller/definition-status.js';
import type { Incident } from './controller/incident.js';
import type { WatchedKind } from './controller/watched-kind.js';
import { Catalog } from './definitions/catalog.js';
import type { DefinitionLookup } from './definitions/definition-lookup.js';
import { PluginHost, type PluginStatus } from './plugins/plugin-host.js';
import type { QueueStats } from './scheduler/queue-stats.js';
import { Waiters } from './scheduler/waiters.js';

/** How a kernel has stopped. */
export interface KernelEnd {
  /** How many runs had not ended within the grace. A write of theirs may still be on its way. */
  readonly brokenOff: number;
}

/** A control loop over stores: watches definitions and triggers, and runs Workflows so that the world becomes as they say. */
export interface Kernel {
  /**
   * Starts plug-ins, then reads and watches definitions and triggers. Resolves when every watch is synced; runs go on from
   * then. A second call gives the same promise. A plug-in that cannot start is out, with those that need it, and all else goes on:
   * incidents and {@link plugins} tell. @throws KernelStateError when stopped meanwhile
   */
  start(): Promise<void>;
  /**
   * Starts no more runs, lets those that go on end within `graceMs` (`loop.stopGraceSeconds` by default) and aborts what
   * is left, stops plug-ins, and closes the stores that the kernel made. Leaves no timer behind. Idempotent.
   */
  stop(options?: { readonly graceMs?: number }): Promise<KernelEnd>;
  /**
   * Resolves when nothing is left to do now: everything is read, every trigger has run, nothing is due. A Retry whose delay
   * is not over is not due. Resolves too when the kernel stops. @throws KernelStateError when it was never started
   */
  whenIdle(): Promise<void>;
  /** Every trigger that is known, with what its last run came to. */
  triggers(): readonly TriggerStatus[];
  /** How the queue of triggers stands now. */
  queue(): QueueStats;
  /** How each plug-in is. */
  plugins(): readonly PluginStatus[];
  /** The watches, of definitions and then of triggers, that have not told yet all that was there; none once it has started. */
  unsynced(): readonly WatchedKind[];
  /** Every run, as it ends; from when one listens. Completes when the kernel has stopped. */
  readonly reports: Observable<RunReport>;
  /** What went wrong beside any run; from when one listens. Completes when the kernel has stopped. */
  readonly incidents: Observable<Incident>;
  /** All definitions with the health of each: as they are now, then whenever any has changed its meaning. */
  readonly definitions: Observable<DefinitionLookup>;
  /** The health of each store by name: now, then with every change. */
  readonly storeHealth: Observable<ReadonlyMap<string, StoreHealth>>;
  /** What stores do on the wire, as far as they have one; from when one listens. */
  readonly storeActivity: Observable<NamedActivity>;
  /** The stores, by name. */
  readonly stores: ReadonlyMap<string, Store>;
  /** The resource handlers of plug-ins; each kind that none of them claims is in a store. */
  readonly handlers: readonly ResourceHandler[];
  /** What definitions are prepared with. */
  readonly workbench: Workbench;
}

/** One thing that the store of that name did on the wire. */
export interface NamedActivity {
  readonly store: string;
  readonly activity: StoreActivity;
}

/**
 * Composes a kernel of its own container; nothing is started, read or written yet.
 * @throws KernelConfigurationError with everything that does not fit together
 */
export function createKernel(options: KernelOptions): Kernel {
  const container = root.createChildContainer();
  compose(container, options);
  container.registerSingleton(Controller);
  container.registerInstance(CONTAINER, container);
  return container.resolve(LiveKernel);
}

/** The kernel's own container; only the kernel may let go of it. */
const CONTAINER = Symbol.for('koreo.container');

@injectable()
class LiveKernel implements Kernel {
  readonly reports: Observable<RunReport>;
  readonly incidents: Observable<Incident>;
  readonly definitions: Observable<DefinitionLookup>;
  readonly storeHealth: Observable<ReadonlyMap<string, StoreHealth>>;
  readonly storeActivity: Observable<NamedActivity>;
  readonly stores: ReadonlyMap<string, Store>;
  readonly handlers: readonly ResourceHandler[];
  readonly workbench: Workbench;

  /** What has to be undone when the kernel stops, the last first. */
  readonly #undo: Undo[] = [];
  readonly #stopRequest = new Waiters(() => this.#stopping !== undefined);
  #starting: Promise<void> | undefined;
  #stopping: Promise<KernelEnd> | undefined;
  #brokenOff = 0;

  constructor(
    @inject(PluginHost) private readonly host: PluginHost,
    @inject(DefinitionFeed) private readonly feed: DefinitionFeed,
    @inject(DefinitionStatus) private readonly status: DefinitionStatus,
    @inject(Controller) private readonly controller: Controller,
    @inject(Outlets) private readonly outlets: Outlets,
    @inject(LOOP_OPTIONS) private readonly loop: LoopOptions,
    @inject(KERNEL_PARTS) parts: KernelParts,
    @inject(Catalog) catalog: Catalog,
    @inject(CONTAINER) container: DependencyContainer,
  ) {
    this.reports = outlets.reports.asObservable();
    this.incidents = outlets.incidents.asObservable();
    this.definitions = defer(() =>
      concat(of(catalog.current), catalog.changes.pipe(map((change) => change.definitions))),
    );
    this.storeHealth = healthOf(parts.stores);
    this.storeActivity = activityOf(parts.stores);
    this.stores = parts.stores;
    this.handlers = parts.handlers;
    this.workbench = parts.workbench;
    this.#undo.push(
      () => container.dispose(),
      () => outlets.close(),
      ...parts.owned.map((store) => () => store.close()),
    );
  }

  start(): Promise<void> {
    this.#starting ??=
      this.#stopping === undefined
        ? this.#start()
        : Promise.reject(new KernelStateError('the kernel has stopped; make a new one'));
    return this.#starting;
  }

  stop({ graceMs = this.loop.stopGraceSeconds * 1000 }: { readonly graceMs?: number } = {}): Promise<KernelEnd> {
    this.#stopping ??= this.#stop(graceMs);
    this.#stopRequest.release();
    return this.#stopping;
  }

  async whenIdle(): Promise<void> {
    if (this.#starting === undefined) throw new KernelStateError('the kernel was never started');
    await Promise.race([this.#starting.then(() => this.#idle()), this.#stopRequest.wait()]);
  }

  triggers(): readonly TriggerStatus[] {
    return this.controller.triggers();
  }

  queue(): QueueStats {
    return this.controller.queue();
  }

  plugins(): readonly PluginStatus[] {
    return this.host.status();
  }

  unsynced(): readonly WatchedKind[] {
    return [...this.feed.unsynced, ...this.controller.unsynced];
  }

  async #start(): Promise<void> {
    this.outlets.open();
    try {
      this.#undo.push(() => this.host.stop({ seconds: this.loop.pluginTimeoutSeconds }));
      await this.#startPlugins();
      this.#undo.push(() => this.feed.stop());
      this.#goOn();
      this.feed.start();
      await Promise.race([this.feed.whenSettled(), this.#stopRequest.wait()]);
      this.#goOn();
      this.#undo.push(async (graceMs) => {
        this.#brokenOff = await this.controller.stop(graceMs);
      });
      this.controller.start();
      this.#undo.push((graceMs) => this.status.stop(graceMs));
      this.status.start();
      await Promise.race([this.controller.whenSynced(), this.#stopRequest.wait()]);
      this.#goOn();
    } catch (error) {
      // A stop that was asked for undoes it all itself, with its own grace.
      if (this.#stopping === undefined) await this.#unwind(0);
      throw error;
    }
  }

  /** @throws KernelStateError when a stop has been asked for meanwhile */
  #goOn(): void {
    if (this.#stopping !== undefined) throw new KernelStateError('the kernel was stopped before it had started');
  }

  async #stop(graceMs: number): Promise<KernelEnd> {
    await this.#starting?.catch(() => undefined);
    await this.#unwind(graceMs);
    return { brokenOff: this.#brokenOff };
  }

  async #unwind(graceMs: number): Promise<void> {
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) {
      try {
        await undo(graceMs);
      } catch (error) {
        this.outlets.incident({ source: 'stop', error });
      }
    }
  }

  /** A stop that is asked for meanwhile does not wait for what plug-ins begin. */
  async #startPlugins(): Promise<void> {
    const ended = new AbortController();
    void this.#stopRequest.wait().then(() => ended.abort());
    const started = this.host.start({ seconds: this.loop.pluginTimeoutSeconds, signal: ended.signal });
    await started.catch((error) => {
      if (!ended.signal.aborted) throw error;
    });
  }

  async #idle(): Promise<void> {
    while (!this.feed.settled || !this.controller.idle || !this.status.idle) {
      await this.feed.whenSettled();
      await this.controller.whenIdle();
      await this.status.whenIdle();
    }
  }
}

type Undo = (graceMs: number) => Promise<void> | void;

function healthOf(stores: ReadonlyMap<string, Store>): Observable<ReadonlyMap<string, StoreHealth>> {
  const named = [...stores].map(([name, { health }]) => health.pipe(map((one): [string, StoreHealth] => [name, one])));
  return combineLatest(named).pipe(map((pairs) => new Map(pairs)));
}

function activityOf(stores: ReadonlyMap<string, Store>): Observable<NamedActivity> {
  return merge(
    ...[...stores].map(([store, { activity = EMPTY }]) => activity.pipe(map((one) => ({ store, activity: one })))),
  );
}
