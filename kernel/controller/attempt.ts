import type { Clock } from '../contracts/clock.js';
import type { ResourceHandler } from '../contracts/resource-handler.js';
import type { ActionReport, RunError } from '../contracts/run-report.js';
import type { DefinitionLookup } from '../definitions/definition-lookup.js';
import { errorMessage, KoreoError } from '../model/errors.js';
import { annotations } from '../model/names.js';
import { type Outcome, permFail, retry, skip } from '../model/outcome.js';
import { annotationOf, type Resource } from '../model/resource.js';
import { deepMerge } from '../resources/deep-merge.js';
import type { ClaimRecorder, DriftPolicy, RunLimits } from '../runtime/run-context.js';
import type { runTriggeredWorkflow, TriggerRun } from '../runtime/trigger-run.js';
import { type Verdict, verdict, verdictOf } from './conditions.js';
import type { TriggerRecord } from './trigger-book.js';
import { stateOf } from './trigger-view.js';
import { chooseWorkflow } from './workflow-choice.js';

/** What trying to run a trigger's Workflow came to. */
export interface Attempt {
  readonly outcome: Outcome;
  readonly verdicts: readonly Verdict[];
  /** Whether the trigger's author wants no runs, so that even a request for one stays unanswered. */
  readonly paused: boolean;
  readonly workflow?: string;
  /** Absent when no Workflow ran to its end. */
  readonly run?: TriggerRun;
  /** Why the run broke off, when it did. */
  readonly error?: RunError;
  /** What was done to let go of resources, when that is all that was done. */
  readonly released?: readonly ActionReport[];
  /** Whether the trigger's resources have all been let go of, so that it may go. */
  readonly isReleased?: boolean;
}

/** What attempts need from their kernel. */
export interface AttemptEnvironment {
  readonly run: typeof runTriggeredWorkflow;
  readonly clock: Clock;
  readonly limits: RunLimits;
}

export const ATTEMPT_ENVIRONMENT = Symbol.for('koreo.attempt-environment');

/** What is of one attempt. */
export interface AttemptContext {
  readonly definitions: DefinitionLookup;
  readonly signal: AbortSignal;
  /** Seconds until the next attempt, should this one break off. */
  readonly backOffSeconds: number;
  /** What the run reads and writes with. */
  readonly handlers: readonly ResourceHandler[];
  /** Keeps the record of what the run makes. */
  readonly claims: ClaimRecorder;
  readonly drift: DriftPolicy;
}

/** Seconds after which it is looked again whether a Workflow that is not ready has become so; its change is seen at once. */
const NOT_READY_DELAY = 30;

/**
 * Runs the Workflow of a trigger, unless the trigger is paused or none can run. Rejects only with the signal's reason.
 */
export async function attempt(
  record: TriggerRecord,
  { run, ...environment }: AttemptEnvironment,
  { definitions, signal, backOffSeconds, handlers, claims, drift }: AttemptContext,
): Promise<Attempt> {
  const { resource, store } = record;
  if (isPaused(resource)) return paused();
  const choice = chooseWorkflow(definitions, resource);
  if (choice.type === 'none') return impossible(choice.reason, choice.message);
  const { workflow } = choice;
  const trigger = { resource: withUnsavedState(record), store: store.name };
  try {
    return completed(
      workflow.name,
      await run(workflow, trigger, { ...environment, definitions, handlers, signal, claims, drift, dryRun: false }),
    );
  } catch (error) {
    if (signal.aborted) throw error;
    return brokenOff(workflow.name, error, backOffSeconds);
  }
}

/** An error as reports tell it. */
export function runError(error: unknown): RunError {
  if (!(error instanceof Error)) return { code: 'unexpected', message: String(error) };
  const { message, stack } = error;
  const code = error instanceof KoreoError ? error.code : 'unexpected';
  return { code, message, ...(stack === undefined ? {} : { stack }) };
}

/** Whether the trigger's author wants nothing done. */
export function isPaused(trigger: Resource): boolean {
  return annotationOf(trigger, annotations.paused) === 'true';
}

/** The attempt that nothing came of, because the author wants it so. */
export function paused(): Attempt {
  const message = `Paused by the annotation ${annotations.paused}.`;
  return { outcome: skip(message, ''), verdicts: [verdict('Ready', 'Unknown', 'Paused', message)], paused: true };
}

/** The attempt that nothing came of, because the store does not say how the trigger is. */
export function unread(error: unknown, delay: number): Attempt {
  const message = `Reading the trigger failed: ${errorMessage(error)}`;
  return { outcome: retry(delay, message, ''), verdicts: [], paused: false, error: runError(error) };
}

function impossible(reason: string, message: string): Attempt {
  const outcome = reason === 'WorkflowNotReady' ? retry(NOT_READY_DELAY, message, '') : permFail(message, '');
  return { outcome, verdicts: [verdict('Ready', 'False', reason, message)], paused: false };
}

function completed(workflow: string, run: TriggerRun): Attempt {
  const asked = run.conditions.map(({ type, name, outcome }) => verdictOf(type, name, outcome));
  const verdicts = [verdictOf('Ready', `Workflow ${workflow}`, run.outcome), ...asked];
  return { outcome: run.outcome, verdicts, paused: false, workflow, run };
}

/** The error itself is for the log: nobody knows what its message holds. */
function brokenOff(workflow: string, error: unknown, delay: number): Attempt {
  const what = error instanceof Error ? error.name : typeof error;
  const message = `Workflow ${workflow} broke off with an unexpected error (${what}), and will be tried again. The log has the error.`;
  return {
    outcome: retry(delay, message, ''),
    verdicts: [verdict('Ready', 'Unknown', 'UnexpectedError', message)],
    paused: false,
    workflow,
    error: runError(error),
  };
}

/** A run goes on from all state that runs have given, whether or not it could be written. */
function withUnsavedState({ resource, unsavedState }: TriggerRecord): TriggerRecord['resource'] {
  if (Object.keys(unsavedState).length === 0) return resource;
  return { ...resource, status: { ...resource.status, state: deepMerge(stateOf(resource), unsavedState) } };
}
