import type { ActionReport } from '../contracts/run-report.js';
import type { ContestedField, KindInfo } from '../contracts/store.js';
import type { PreparedResourceFunction } from '../language/definition.js';
import { andThen, defined, type JsonObject, type MaybePromise } from '../model/json.js';
import type { ManagedResource } from '../model/managed-resources.js';
import type { Outcome } from '../model/outcome.js';
import type { Resource, ResourceRef } from '../model/resource.js';
import { managedKey } from '../resources/inventory.js';
import { AppliedRecord } from './applied-record.js';
import { evaluateLocals, type FunctionScope } from './evaluation.js';
import { evaluationFailure } from './failure.js';
import type { ManagedTracker } from './managed-tracker.js';
import { recovering } from './maybe-promise.js';
import { checkPredicates } from './predicates.js';
import { type Decision, type DriftRule, type Reading, ResourceDecider } from './resource-decision.js';
import { execute, isWrite, type Write } from './resource-execution.js';
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
 * tracker which resource it is about as soon as the name is known. Makes no promise when nothing is written and nobody
 * has to be asked. Throws the signal's reason when it is aborted.
 */
export function runResourceFunction(
  definition: PreparedResourceFunction,
  inputs: JsonObject,
  context: RunContext,
  tracker: ManagedTracker,
): MaybePromise<ResourceFunctionRun> {
  const { signal, budget } = context;
  signal.throwIfAborted();
  return recovering<ResourceFunctionRun>(
    () =>
      andThen(checkPredicates(definition.preconditions, { inputs }, definition, budget), (verdict) => {
        if (verdict.type !== 'go-on') return { outcome: verdict };
        const evaluated = evaluateLocals(definition.locals, inputs, budget);
        return andThen(evaluated, (scope) => new Reconciliation(definition, scope, context, tracker).run());
      }),
    (error) => {
      signal.throwIfAborted();
      return { outcome: evaluationFailure(error, definition) };
    },
  );
}

/** One run of a ResourceFunction from the name of its resource on. */
class Reconciliation {
  readonly #definition: PreparedResourceFunction;
  readonly #scope: FunctionScope;
  readonly #context: RunContext;
  readonly #tracker: ManagedTracker;

  constructor(
    definition: PreparedResourceFunction,
    scope: FunctionScope,
    context: RunContext,
    tracker: ManagedTracker,
  ) {
    this.#definition = definition;
    this.#scope = scope;
    this.#context = context;
    this.#tracker = tracker;
  }

  run(): MaybePromise<ResourceFunctionRun> {
    return andThen(resourceRef(this.#definition, this.#scope, this.#context.budget), (ref) => this.#about(ref));
  }

  #about(ref: ResourceRef): MaybePromise<ResourceFunctionRun> {
    // Also when it cannot even be read, what is on record stays there.
    this.#tracker.resource(this.#recorded(managedResource(this.#definition, ref)).before);
    const subject = resourceSubject(this.#definition, ref, this.#context);
    if (!('ref' in subject)) return { outcome: subject };
    return andThen(readResource(subject, this.#context.signal), (read) =>
      'failure' in read ? { outcome: read.failure } : this.#found(subject, read),
    );
  }

  #found(subject: ResourceSubject, read: KnownKind & Reading): MaybePromise<ResourceFunctionRun> {
    const facts = { plural: read.plural, owned: subject.owner !== undefined };
    const resource = managedResource(this.#definition, subject.ref, facts);
    const record = read.keepsAnnotations ? undefined : this.#recorded(resource);
    this.#tracker.resource(record?.before ?? resource);
    const reading = record === undefined ? read : { ...read, actual: record.shownOn(read.actual) };
    const decider = new ResourceDecider(this.#definition, subject, this.#scope, this.#context);
    return andThen(decider.decide(reading, this.#driftRule(resource)), (decision) => {
      const { action, outcome } = decision;
      if (!this.#context.dryRun && isWrite(action))
        return this.#write({ ...decision, action }, subject, resource, record);
      return { outcome, action: reportOf(decision, resource, false) };
    });
  }

  #recorded(resource: ManagedResource): AppliedRecord {
    return new AppliedRecord(resource, this.#context.appliedTo(resource));
  }

  #driftRule(resource: ManagedResource): DriftRule {
    const { mode = 'correct', held } = this.#context.drift ?? {};
    return { mode, hold: held?.get(managedKey(resource)) };
  }

  async #write(
    decision: Decision & { readonly action: Write },
    subject: ResourceSubject,
    resource: ManagedResource,
    record: AppliedRecord | undefined,
  ): Promise<ResourceFunctionRun> {
    const { action } = decision;
    const { signal } = this.#context;
    if (action.type === 'create' || action.type === 'patch') {
      const claimed = record?.with(action) ?? resource;
      this.#tracker.resource(claimed);
      try {
        // What is not on record before it is made could be forgotten by a crash.
        await this.#context.claim(claimed);
      } catch (error) {
        signal.throwIfAborted();
        const failure = writeFailure(error, `Recording ${subject.text} with its trigger`, subject.place);
        return { outcome: failure, action: reportOf(decision, resource, false) };
      }
    }
    const execution = await execute(decision, subject, { createDelay: this.#definition.create.delay, signal });
    const { outcome, done, contested } = execution;
    if (record !== undefined) this.#tracker.resource(record.after(action, execution));
    return { outcome, action: reportOf(decision, resource, done, contested) };
  }
}

function reportOf(
  { action, differences, drift }: Decision,
  resource: ManagedResource,
  done: boolean,
  contested: readonly ContestedField[] = [],
): ActionReport {
  const { type } = action;
  if (contested.length === 0 && drift === undefined) return { type, resource, differences, done };
  return defined({
    type,
    resource,
    differences,
    done,
    drift,
    contested: contested.length === 0 ? undefined : contested,
  });
}

/** What the store of a resource knows of its kind. */
interface KnownKind {
  readonly plural: string | undefined;
  readonly keepsAnnotations: boolean;
}

type Read = (Reading & KnownKind) | { readonly failure: Outcome };

/** Reads the resource, and asks what its store knows of the kind. */
function readResource(
  { handler, placement, ref, text, place }: ResourceSubject,
  signal: AbortSignal,
): MaybePromise<Read> {
  const options = { signal, ...placement };
  const known = (actual: Resource | undefined, info: KindInfo | undefined): Read => ({
    actual,
    plural: info?.plural,
    ownsFields: info?.ownsFields === true,
    keepsAnnotations: info?.keepsAnnotations !== false,
  });
  const failed = (error: unknown): Read => {
    signal.throwIfAborted();
    return { failure: readFailure(error, `Reading ${text}`, place) };
  };
  try {
    const reading = handler.read(ref, options);
    const asked = handler.kind(ref, options);
    // Both at the same time, so that a failure of the one does not leave the other behind.
    if (asked instanceof Promise) return Promise.all([reading, asked]).then((both) => known(...both), failed);
    return reading instanceof Promise ? reading.then((actual) => known(actual, asked), failed) : known(reading, asked);
  } catch (error) {
    return failed(error);
  }
}
