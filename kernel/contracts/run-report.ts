import type { Condition } from '../model/condition.js';
import type { Json, JsonObject } from '../model/json.js';
import type { ManagedResource, ManagedWorkflow } from '../model/managed-resources.js';
import type { Outcome } from '../model/outcome.js';
import type { Path } from '../model/path.js';
import type { ResourceRef } from '../model/resource.js';
import type { ContestedField } from './store.js';

/** One place where the target and what was read differ. */
export interface Difference {
  readonly path: Path;
  readonly target: Json | undefined;
  readonly actual: Json | undefined;
}

/** What a run did to a resource, or would do in a dry run. */
export interface ActionReport {
  readonly type: 'none' | 'create' | 'patch' | 'recreate' | 'delete' | 'wait';
  readonly resource: ManagedResource;
  /** All differences that led to it. Values may be secrets: show paths, and values only where the user asked for them. */
  readonly differences: readonly Difference[];
  /** Whether the store took it; false for a dry run, and when the call failed. */
  readonly done: boolean;
  /** Fields that it took back from others, where the store knows who set them. */
  readonly contested?: readonly ContestedField[];
  /**
   * Said when what is wanted is as it was last applied, so that the differences are somebody else's doing: whether they were
   * to be put right, are put right later because they are contested, or are only reported.
   */
  readonly drift?: 'corrected' | 'held' | 'reported';
}

/** A definition that a run used: found by name while it ran. */
export interface UsedDefinition {
  readonly kind: string;
  readonly name: string;
}

/** What one Logic came to, inside a run. */
export interface LogicReport {
  readonly logic?: UsedDefinition;
  readonly outcome: Outcome;
  readonly action?: ActionReport;
  /** One for each item of forEach, in their order. */
  readonly items?: readonly LogicReport[];
  /** The steps of a sub-Workflow. */
  readonly steps?: readonly StepReport[];
}

/** One step of a run. */
export interface StepReport extends LogicReport {
  readonly label: string;
  /** Steps that it had to wait for. */
  readonly waitedFor: readonly string[];
  /** Why its `state` was left out, when it was. */
  readonly stateError?: string;
  readonly durationMs: number;
}

/** Why a trigger was run; for people, and for who goes first or has to wait, never for what a run does but put right what is contested. */
export type RunCause =
  | 'added'
  | 'changed'
  | 'definition'
  | 'deleted'
  | 'managed'
  | 'retry'
  | 'period'
  | 'requested'
  | 'start';

/** What kept a run from completing, or its status from being written; it is tried again. For logs: it may hold what a condition must not. */
export interface RunError {
  /** The code of a KoreoError; `unexpected` for anything else. */
  readonly code: string;
  readonly message: string;
  readonly stack?: string;
}

/** What one run of a trigger's Workflow did. Logs, metrics, status and the CLI read this and nothing else. */
export interface RunReport {
  /** Unique within the kernel, and unlike those of kernels that were there before it. */
  readonly id: string;
  readonly trigger: ResourceRef;
  readonly store: string;
  readonly causes: readonly RunCause[];
  /** Absent when no Workflow could run (see `conditions`). */
  readonly workflow?: string;
  readonly outcome: Outcome;
  readonly steps: readonly StepReport[];
  /** What was done to let go of resources that are wanted no longer. */
  readonly released: readonly ActionReport[];
  /** For people: what it waits for before such resources are gone; empty when they are. */
  readonly releaseWaitsFor: readonly string[];
  /** Whether it changed a resource, or what the trigger shows. */
  readonly changed: boolean;
  /** Said when nothing that the last run came from had changed, so that this one came to the same without evaluating it. */
  readonly repeated?: true;
  readonly conditions: readonly Condition[];
  readonly state: JsonObject;
  readonly stateErrors: Readonly<Record<string, string>> | null;
  readonly managed: ManagedWorkflow | null;
  /** Every definition that the run looked up, so that a change of one causes a run. */
  readonly used: readonly UsedDefinition[];
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Seconds until the next run that is already planned: a Retry's delay, or the period. */
  readonly nextRunIn?: number;
  readonly error?: RunError;
}

/** Told of every run, after it. What it throws is reported and harms no run. */
export interface RunObserver {
  readonly name: string;
  onRun(report: RunReport): void;
}
