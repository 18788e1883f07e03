import { type DependencyContainer, instanceCachingFactory } from 'tsyringe';
import { CLOCK, type Clock } from '../contracts/clock.js';
import type { WriteFence } from '../contracts/leadership.js';
import { RESOURCE_HANDLERS, type ResourceHandler } from '../contracts/resource-handler.js';
import { STORES } from '../contracts/store.js';
import { Announcer } from '../controller/announcer.js';
import { ATTEMPT_ENVIRONMENT, type AttemptEnvironment } from '../controller/attempt.js';
import { DefinitionFeed } from '../controller/definition-feed.js';
import { DefinitionStatus } from '../controller/definition-status.js';
import type { FightLimits } from '../controller/fights.js';
import { INCIDENT_SINK, type IncidentSink } from '../controller/incident.js';
import { LIVE_DEFINITIONS, type LiveDefinitions } from '../controller/live-definitions.js';
import { ManagedWatches, UNWATCHED } from '../controller/managed-watches.js';
import { REPORT_SINK, Reconciler, type ReportSink } from '../controller/reconciler.js';
import { Releaser } from '../controller/releaser.js';
import { REMEMBERED_VALUES, SteadyRuns } from '../controller/steady-runs.js';
import { FIGHT_LIMITS, StrainWatch } from '../controller/strain.js';
import { TriggerBook } from '../controller/trigger-book.js';
import { chooseWorkflow } from '../controller/workflow-choice.js';
import { Catalog } from '../definitions/catalog.js';
import { PluginHost } from '../plugins/plugin-host.js';
import type { KindPattern } from '../resources/kind-pattern.js';
import { StoreHandler } from '../resources/store-handler.js';
import { ROUTING, STORE_ROUTER, StoreRouter } from '../resources/store-router.js';
import type { RunLimits } from '../runtime/run-context.js';
import { runTriggeredWorkflow } from '../runtime/trigger-run.js';
import { RETRY_POLICY, RetryPolicy } from '../scheduler/retry-policy.js';
import { RunBrake } from '../scheduler/run-brake.js';
import { Scheduler } from '../scheduler/scheduler.js';
import { SystemClock } from '../scheduler/system-clock.js';
import {
  DEFAULT_KERNEL_LIMITS,
  DEFAULT_LOOP_OPTIONS,
  type KernelLimits,
  type KernelOptions,
  type LoopOptions,
} from './kernel-options.js';
import { assembleParts, type KernelParts } from './kernel-parts.js';
import { Outlets } from './outlets.js';
import { processEnvironment } from './process-environment.js';

export const KERNEL_PARTS = Symbol.for('koreo.kernel-parts');
export const LOOP_OPTIONS = Symbol.for('koreo.loop-options');

/**
 * Registers in the container all that a kernel is made of: what it was given as values, its own classes as singletons.
 * @throws KernelConfigurationError with everything that is wrong
 */
export function compose(container: DependencyContainer, options: KernelOptions): void {
  const clock = options.clock ?? new SystemClock();
  const loop = { ...DEFAULT_LOOP_OPTIONS, ...options.loop };
  const limits = { ...DEFAULT_KERNEL_LIMITS, ...options.limits };
  const outlets = new Outlets();
  const host = new PluginHost(options.plugins ?? [], container, {
    clock,
    baseDirectory: options.baseDirectory ?? '.',
    environment: options.environment ?? processEnvironment,
    incident: (source, error) => outlets.incident({ source, error }),
  });
  const parts = assembleParts(host, options, { clock, incidents: outlets.incidents });

  container.registerInstance<Clock>(CLOCK, clock);
  container.registerInstance<LoopOptions>(LOOP_OPTIONS, loop);
  container.registerInstance(PluginHost, host);
  container.registerInstance<KernelParts>(KERNEL_PARTS, parts);
  container.registerInstance(STORES, parts.stores);
  container.registerInstance(ROUTING, parts.routing);
  outlets.attach(parts.observers);
  registerOutlets(container, outlets);
  registerDefinitions(container, parts);
  registerLoop(container, parts, { clock, loop, limits, fence: options.fence, unwatched: options.unwatched ?? [] });
}

function registerOutlets(container: DependencyContainer, outlets: Outlets): void {
  container.registerInstance(Outlets, outlets);
  container.registerInstance<ReportSink>(REPORT_SINK, (report) => outlets.report(report));
  container.registerInstance<IncidentSink>(INCIDENT_SINK, (incident) => outlets.incident(incident));
}

function registerDefinitions(container: DependencyContainer, { workbench, stores, definitions }: KernelParts): void {
  const catalog = new Catalog(workbench.context, { sources: definitions });
  const sources = definitions.flatMap(({ store: name, ...rest }) => {
    const store = stores.get(name);
    return store === undefined ? [] : [{ store, ...rest }];
  });
  container.registerInstance(Catalog, catalog);
  container.registerInstance(LIVE_DEFINITIONS, catalog);
  container.register(DefinitionFeed, {
    useFactory: instanceCachingFactory((scope) => {
      const status = scope.resolve(DefinitionStatus);
      return new DefinitionFeed(sources, (changes) => {
        catalog.apply(changes);
        status.see(changes);
      });
    }),
  });
}

/** What the loop is set to. */
interface LoopSettings {
  readonly clock: Clock;
  readonly loop: LoopOptions;
  readonly limits: KernelLimits;
  readonly unwatched: readonly KindPattern[];
  readonly fence: WriteFence | undefined;
}

function registerLoop(container: DependencyContainer, { handlers, stores }: KernelParts, settings: LoopSettings): void {
  const { clock, loop, limits, fence } = settings;
  const policy = new RetryPolicy(clock, {
    periodSeconds: loop.periodSeconds,
    periodJitter: loop.periodJitter,
    backOffSeconds: loop.backoff.initialSeconds,
    backOffMaximumSeconds: loop.backoff.maximumSeconds,
  });
  container.registerInstance(RETRY_POLICY, policy);
  container.registerSingleton(STORE_ROUTER, StoreRouter);
  container.registerSingleton(TriggerBook);
  container.registerSingleton(Announcer);
  container.register<readonly ResourceHandler[]>(RESOURCE_HANDLERS, {
    useFactory: instanceCachingFactory((scope) => [...handlers, new StoreHandler(scope.resolve(STORE_ROUTER))]),
  });
  container.registerInstance<readonly KindPattern[]>(UNWATCHED, settings.unwatched);
  container.registerSingleton(ManagedWatches);
  container.registerSingleton(Releaser);
  container.registerInstance(RunBrake, new RunBrake(clock, loop.slowdown));
  container.registerInstance<FightLimits>(FIGHT_LIMITS, loop.contested);
  container.registerSingleton(StrainWatch);
  container.registerInstance(REMEMBERED_VALUES, limits.rememberedValues);
  container.registerSingleton(SteadyRuns);
  container.registerSingleton(Reconciler);
  container.register<AttemptEnvironment>(ATTEMPT_ENVIRONMENT, {
    useFactory: instanceCachingFactory(() => ({ run: runTriggeredWorkflow, clock, limits: runLimits(settings) })),
  });
  container.register(DefinitionStatus, {
    useFactory: instanceCachingFactory((scope) => {
      const tell = scope.resolve<IncidentSink>(INCIDENT_SINK);
      return new DefinitionStatus({
        clock,
        policy,
        stores,
        definitions: scope.resolve<LiveDefinitions>(LIVE_DEFINITIONS),
        onError: (key, error) => tell({ source: `status of ${key}`, error }),
        ...(fence === undefined ? {} : { fenced: fence.ended }),
      });
    }),
  });
  container.register(Scheduler, {
    useFactory: instanceCachingFactory((scope) => {
      const reconciler = scope.resolve(Reconciler);
      const tell = scope.resolve<IncidentSink>(INCIDENT_SINK);
      return new Scheduler({
        clock,
        policy,
        concurrency: loop.concurrency,
        groupOf: workflowOf(scope),
        groupConcurrency: loop.workflowConcurrency ?? loop.concurrency,
        brake: scope.resolve(RunBrake),
        run: (work, context) => reconciler.reconcile(work, context),
        onError: (key, error) => tell({ source: `run of ${key}`, error }),
        ...(fence === undefined ? {} : { fenced: fence.ended }),
      });
    }),
  });
}

/** The Workflow that a trigger is run by at present, by its key; triggers without one share a place. */
function workflowOf(scope: DependencyContainer): (key: string) => string {
  const book = scope.resolve(TriggerBook);
  const definitions = scope.resolve<LiveDefinitions>(LIVE_DEFINITIONS);
  return (key) => {
    const record = book.get(key);
    const choice = record === undefined ? undefined : chooseWorkflow(definitions.current, record.resource);
    return choice?.entry?.name ?? '';
  };
}

function runLimits({ loop, limits }: LoopSettings): RunLimits {
  const { evaluationSteps, runSteps, stringBytes, listItems, forEachItems, forEachConcurrency } = limits;
  return {
    evaluation: { evaluationSteps, runSteps, stringBytes, listItems },
    stepTimeoutSeconds: loop.stepTimeoutSeconds,
    forEachItems,
    forEachConcurrency,
  };
}
