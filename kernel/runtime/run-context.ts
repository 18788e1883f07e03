import type { EvaluationLimits, RunBudget } from '../contracts/budget.js';
import { DEFAULT_EVALUATION_LIMITS } from '../contracts/budget.js';
import type { Clock } from '../contracts/clock.js';
import type { ResourceHandler } from '../contracts/resource-handler.js';
import type { UsedDefinition } from '../contracts/run-report.js';
import type { DefinitionEntry, DefinitionLookup } from '../definitions/definition-lookup.js';
import type { Json } from '../model/json.js';
import type { ManagedResource, ManagedWorkflow } from '../model/managed-resources.js';
import type { DefinitionKind } from '../model/names.js';
import type { GroupVersionKind } from '../model/resource.js';

/** The limits of one run; see `limits` in the configuration. */
export interface RunLimits {
  readonly evaluation: EvaluationLimits;
  /** Seconds that a step may take, when it does not say so itself. */
  readonly stepTimeoutSeconds: number;
  readonly forEachItems: number;
  /** How many items of one forEach run at the same time. */
  readonly forEachConcurrency: number;
}

export const DEFAULT_RUN_LIMITS: RunLimits = {
  evaluation: DEFAULT_EVALUATION_LIMITS,
  stepTimeoutSeconds: 10,
  forEachItems: 1000,
  forEachConcurrency: 32,
};

/** Puts on record what a run is about to make, before it is made. */
export interface ClaimRecorder {
  /**
   * Resolves when the resource is on record, with all else that the run is known to manage by then.
   * @throws StoreError when it cannot be: then it must not be made
   */
  claim(resource: ManagedResource, known: () => ManagedWorkflow): Promise<void>;
  /** What is on record as last applied to a resource that has itself no place for such a record. */
  appliedTo(resource: ManagedResource): string | undefined;
}

/** A resource that is contested, and may not be put right yet. */
export interface Hold {
  readonly ms: number;
  /** What is wanted in each place that is contested, by its path as people write it; empty for whether it is there at all. */
  readonly wanted: ReadonlyMap<string, Json | undefined>;
}

/** What is done about changes that somebody else made while what is wanted stayed the same. */
export interface DriftPolicy {
  readonly mode: 'correct' | 'detect';
  /** By the key of a managed resource; all others are put right at once. */
  readonly held: ReadonlyMap<string, Hold>;
}

/** What every run needs from its kernel. */
export interface RunEnvironment {
  /** The definitions at the moment when the run began. */
  readonly definitions: DefinitionLookup;
  /** The first that claims a kind is asked; the default one comes last. */
  readonly handlers: readonly ResourceHandler[];
  readonly clock: Clock;
  readonly limits: RunLimits;
  /** Aborted when the run has to be given up. */
  readonly signal: AbortSignal;
  /** Decides as ever, and does nothing. */
  readonly dryRun: boolean;
  /** Absent where nobody keeps a record. */
  readonly claims?: ClaimRecorder;
  /** Absent: every change is put right at once. */
  readonly drift?: DriftPolicy;
}

/** Whom the managed resources of a run belong to: its trigger, in the store where it lies. */
export interface RunOwner extends GroupVersionKind {
  readonly store: string;
  readonly name: string;
  readonly namespace?: string;
  /** Without it there are no owner references. */
  readonly uid?: string;
}

/** One run: its environment, whom it is for, what it may spend, and what it has looked up. */
export interface RunContext extends RunEnvironment {
  readonly owner: RunOwner;
  readonly budget: RunBudget;
  readonly used: UsedDefinitions;
  /** To be awaited before a resource is made or changed. @throws StoreError when it must not be */
  claim(resource: ManagedResource): Promise<void>;
  /** What is on record as last applied to a resource that has itself no place for such a record. */
  appliedTo(resource: ManagedResource): string | undefined;
}

/** The definitions that a run has asked for by name, whether or not they were there. Asking again costs next to nothing. */
export class UsedDefinitions {
  readonly #lookup: Pick<DefinitionLookup, 'find'>;
  readonly #found = new Map<DefinitionKind, Map<string, DefinitionEntry | undefined>>();

  constructor(lookup: Pick<DefinitionLookup, 'find'>) {
    this.#lookup = lookup;
  }

  find(kind: DefinitionKind, name: string): DefinitionEntry | undefined {
    const known = this.#found.get(kind);
    if (known === undefined) {
      this.#found.set(kind, new Map());
      return this.find(kind, name);
    }
    if (known.has(name)) return known.get(name);
    const entry = this.#lookup.find(kind, name);
    known.set(name, entry);
    return entry;
  }

  list(): readonly UsedDefinition[] {
    return [...this.#found].flatMap(([kind, names]) => [...names.keys()].map((name) => ({ kind, name })));
  }
}
