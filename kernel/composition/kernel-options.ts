import { DEFAULT_EVALUATION_LIMITS, type EvaluationLimits } from '../contracts/budget.js';
import type { Clock } from '../contracts/clock.js';
import type { WriteFence } from '../contracts/leadership.js';
import type { Plugin, PluginEntry } from '../contracts/plugin.js';
import type { Store } from '../contracts/store.js';
import { DEFAULT_FIGHT_LIMITS, type FightLimits } from '../controller/fights.js';
import type { DefinitionSources } from '../definitions/source-order.js';
import { DEFAULT_DOCUMENT_LIMITS, type DocumentLimits } from '../language/prepare-context.js';
import { DEFAULT_COMPILED_EXPRESSIONS } from '../language/program-cache.js';
import type { JsonObject } from '../model/json.js';
import type { KindPattern } from '../resources/kind-pattern.js';
import type { RoutingRule } from '../resources/store-router.js';
import { DEFAULT_RUN_LIMITS, type RunLimits } from '../runtime/run-context.js';
import { DEFAULT_RETRY_TIMES } from '../scheduler/retry-policy.js';
import { type BrakeLimits, DEFAULT_BRAKE_LIMITS } from '../scheduler/run-brake.js';

/** A store to be made: a name of one's choice, a type that a plug-in brings, and that type's own options. */
export interface StoreConfiguration {
  readonly name: string;
  readonly type: string;
  readonly options?: JsonObject;
}

/** Bounds on what is read, computed and run. What goes beyond one is refused, and the message names the limit. */
export interface KernelLimits
  extends DocumentLimits,
    EvaluationLimits,
    Pick<RunLimits, 'forEachItems' | 'forEachConcurrency'> {
  /** How many compiled expressions are kept, so that equal ones share one; those used longest ago make room. */
  readonly compiledExpressions: number;
  /**
   * The most values of a run's report that are kept with its trigger, so that a run that would only repeat it need not be
   * evaluated. With 0 every run is evaluated.
   */
  readonly rememberedValues: number;
}

/** The rhythm of the control loop; times are in seconds. */
export interface LoopOptions {
  /** Between two runs of a trigger when nothing asks for one. */
  readonly periodSeconds: number;
  /** The part of the period by which it varies at random, either way. */
  readonly periodJitter: number;
  /** How many triggers are run at the same time. */
  readonly concurrency: number;
  /** How many triggers of one Workflow are run at the same time; as many as may be at all when it is left out. */
  readonly workflowConcurrency?: number;
  /** How long a step may take that does not say so itself. */
  readonly stepTimeoutSeconds: number;
  /** How long runs may go on when the kernel stops, before they are aborted. */
  readonly stopGraceSeconds: number;
  /** How long a plug-in may take to start, and to stop; then nobody waits for it any longer. */
  readonly pluginTimeoutSeconds: number;
  /** The wait after an unexpected error; it doubles with each in a row, up to the maximum. */
  readonly backoff: { readonly initialSeconds: number; readonly maximumSeconds: number };
  /** When a trigger that changes run too often is slowed down. */
  readonly slowdown: BrakeLimits;
  /** When a field that somebody else keeps changing counts as contested. */
  readonly contested: FightLimits;
}

/** What a kernel is made of. All but `stores` has a default. */
export interface KernelOptions {
  /** Those that take options as `{plugin, options}`. */
  readonly plugins?: readonly (Plugin | PluginEntry)[];
  /** Stores to be made, which the kernel closes when it stops; and stores that are there, which it leaves open. */
  readonly stores: readonly (Store | StoreConfiguration)[];
  /** The first rule that matches a kind says which store holds it. */
  readonly routing?: readonly RoutingRule[];
  /** Managed kinds that are not to be watched; none by default. Their drift is found by the next run. */
  readonly unwatched?: readonly KindPattern[];
  /** The store of every kind that no rule matches. With a single store, that one. */
  readonly defaultStore?: string;
  /** The store of triggers whose kind no rule matches; `defaultStore` when it is left out. */
  readonly triggerStore?: string;
  /** Where definitions come from, first ones first. With a single store: from there, all namespaces. */
  readonly definitions?: readonly DefinitionSources[];
  /** The language of expressions where a definition chooses none; `cel` by default. */
  readonly language?: string;
  readonly limits?: Partial<KernelLimits>;
  readonly loop?: Partial<LoopOptions>;
  /** What paths in the options of stores and plug-ins are relative to; the current folder by default. */
  readonly baseDirectory?: string;
  /** Where plug-ins look up the environment variables that their options name; the process's own by default. */
  readonly environment?: (variable: string) => string | undefined;
  /** Time, timers and chance; the machine's own by default. */
  readonly clock?: Clock;
  /**
   * Asked before every write. When it has come down the kernel breaks off what runs and does nothing more; it is to be
   * stopped then, and another made for the next term. Without one the kernel may always write.
   */
  readonly fence?: WriteFence;
}

export const DEFAULT_KERNEL_LIMITS: KernelLimits = {
  ...DEFAULT_DOCUMENT_LIMITS,
  ...DEFAULT_EVALUATION_LIMITS,
  forEachItems: DEFAULT_RUN_LIMITS.forEachItems,
  forEachConcurrency: DEFAULT_RUN_LIMITS.forEachConcurrency,
  compiledExpressions: DEFAULT_COMPILED_EXPRESSIONS,
  rememberedValues: 2000,
};

export const DEFAULT_LOOP_OPTIONS: LoopOptions = {
  periodSeconds: DEFAULT_RETRY_TIMES.periodSeconds,
  periodJitter: DEFAULT_RETRY_TIMES.periodJitter,
  concurrency: 16,
  stepTimeoutSeconds: DEFAULT_RUN_LIMITS.stepTimeoutSeconds,
  stopGraceSeconds: 30,
  pluginTimeoutSeconds: 30,
  backoff: {
    initialSeconds: DEFAULT_RETRY_TIMES.backOffSeconds,
    maximumSeconds: DEFAULT_RETRY_TIMES.backOffMaximumSeconds,
  },
  slowdown: DEFAULT_BRAKE_LIMITS,
  contested: DEFAULT_FIGHT_LIMITS,
};
