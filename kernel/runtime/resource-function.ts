import type { ActionReport } from '../contracts/run-report.js';
import type { PreparedResourceFunction } from '../language/definition.js';
import type { JsonObject } from '../model/json.js';
import type { ManagedResource } from '../model/managed-resources.js';
import type { Outcome } from '../model/outcome.js';
import { managedKey } from '../resources/inventory.js';
import { AppliedRecord } from './applied-record.js';
import { evaluateLocals, type FunctionScope } from './evaluation.js';
import { evaluationFailure } from './failure.js';
import type { ManagedTracker } from './managed-tracker.js';
import { checkPredicates } from './predicates.js';
import { type Reading, ResourceDecider } from './resource-decision.js';
import { execute } from './resource-execution.js';
import { managedResource, type ResourceSubject, resourceRef, resourceSubject } from './resource-subject.js';
import type { RunContext } from './run-context.js';
import { readFailure, writeFailure } from './store-failure.js';

/** What a run of a ResourceFunction came to, and what it did; no action when its resource could not be read, or had no name yet. */
export interface ResourceFunctionRun {
  readonly outcome: Outcome;
  readonly action?: ActionReport;
}

/**
 * Runs a ResourceFunction: reads its resource, decides, and does what was decided unless the run is a dry one. Tells the
 * tracker which resource it is about as soon as the name is known. Throws the signal's reason when it is aborted.
 */
export async function runResourceFunction(
  definition: PreparedResourceFunction,
  inputs: JsonObject,
  context: RunContext,
  tracker: ManagedTracker,
): Promise<ResourceFunctionRun> {
  context.signal.throwIfAborted();
  try {
    const verdict = await checkPredicates(definition.preconditions, { inputs }, definition, context.budget);
    if (verdict.type !== 'go-on') return { outcome: verdict };
    const scope = await evaluateLocals(definition.locals, inputs, context.budget);
    return await reconcile(definition, scope, context, tracker);
  } catch (error) {
    context.signal.throwIfAborted();
    return { outcome: evaluationFailure(error, definition) };
  }
}

async function reconcile(
  definition: PreparedResourceFunction,
  scope: FunctionScope,
  context: RunContext,
  tracker: ManagedTracker,
): Promise<ResourceFunctionRun> {
  const ref = await resourceRef(definition, scope, context.budget);
  // Also when it cannot even be read, what is on record stays there.
  const known = managedResource(definition, ref);
  tracker.resource(new AppliedRecord(known, context.appliedTo(known)).before);
  const subject = resourceSubject(definition, ref, context);
  if (!('ref' in subject)) return { outcome: subject };
  const read = await readResource(subject, context.signal);
  if ('failure' in read) return { outcome: read.failure };
  const resource = managedResource(definition, ref, { plural: read.plural, owned: subject.owner !== undefined });
  const record = read.keepsAnnotations ? undefined : new AppliedRecord(resource, context.appliedTo(resource));
  tracker.resource(record?.before ?? resource);

  const { mode = 'correct', held } = context.drift ?? {};
  const rule = { mode, hold: held?.get(managedKey(resource)) };
  const reading = record === undefined ? read : { ...read, actual: record.shownOn(read.actual) };
  const decision = await new ResourceDecider(definition, subject, scope, context).decide(reading, rule);
  const { differences, action, drift } = decision;
  const report = { type: action.type, resource, differences, ...(drift === undefined ? {} : { drift }) };
  if (context.dryRun) return { outcome: decision.outcome, action: { done: false, ...report } };
  if (action.type === 'create' || action.type === 'patch') {
    const claimed = record?.with(action) ?? resource;
    tracker.resource(claimed);
    const failure = await claim(claimed, subject, context);
    if (failure !== undefined) return { outcome: failure, action: { done: false, ...report } };
  }
  const createDelay = definition.create.delay;
  const execution = await execute(decision, subject, { createDelay, signal: context.signal });
  const { outcome, done, contested } = execution;
  if (record !== undefined) tracker.resource(record.after(action, execution));
  return { outcome, action: { done, ...(contested.length === 0 ? {} : { contested }), ...report } };
}

/** What is not on record before it is made could be forgotten by a crash. Gives the outcome when it cannot be put there. */
async function claim(
  resource: ManagedResource,
  { text, place }: ResourceSubject,
  context: RunContext,
): Promise<Outcome | undefined> {
  try {
    await context.claim(resource);
    return undefined;
  } catch (error) {
    context.signal.throwIfAborted();
    return writeFailure(error, `Recording ${text} with its trigger`, place);
  }
}

type Read =
  | (Reading & { readonly plural: string | undefined; readonly keepsAnnotations: boolean })
  | { readonly failure: Outcome };

/** Reads the resource, and asks what its store knows of the kind. */
async function readResource(
  { handler, placement, ref, text, place }: ResourceSubject,
  signal: AbortSignal,
): Promise<Read> {
  const options = { signal, ...placement };
  try {
    const [actual, info] = await Promise.all([handler.read(ref, options), handler.kind(ref, options)]);
    return {
      actual,
      plural: info?.plural,
      ownsFields: info?.ownsFields === true,
      keepsAnnotations: info?.keepsAnnotations !== false,
    };
  } catch (error) {
    signal.throwIfAborted();
    return { failure: readFailure(error, `Reading ${text}`, place) };
  }
}
