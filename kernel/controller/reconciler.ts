import { inject, injectable } from 'tsyringe';
import { CLOCK, type Clock } from '../contracts/clock.js';
import type { LogicReport, RunReport } from '../contracts/run-report.js';
import type { DefinitionLookup } from '../definitions/definition-lookup.js';
import type { JsonObject } from '../model/json.js';
import { isOk, ok } from '../model/outcome.js';
import { type Resource, refOf } from '../model/resource.js';
import { deepMerge } from '../resources/deep-merge.js';
import type { TriggerRun } from '../runtime/trigger-run.js';
import { type Again, RETRY_POLICY, type Requeue, type RetryPolicy } from '../scheduler/retry-policy.js';
import type { RunContext } from '../scheduler/scheduler.js';
import type { Work } from '../scheduler/work-queue.js';
import { Announcer } from './announcer.js';
import { ATTEMPT_ENVIRONMENT, type Attempt, type AttemptEnvironment, attempt, runError } from './attempt.js';
import { conditionTime, currentConditions } from './conditions.js';
import { dependencyStamp, LIVE_DEFINITIONS, type LiveDefinitions } from './live-definitions.js';
import { couldSay } from './managed-record.js';
import { ManagedWatches } from './managed-watches.js';
import { type Before, readyOf } from './run-notices.js';
import { type Written, writeStatus } from './status-writer.js';
import { type LastRun, TriggerBook, type TriggerRecord } from './trigger-book.js';
import { requestedAt } from './trigger-change.js';
import { conditionsOf, managedAfter, type TriggerView } from './trigger-view.js';

/** Takes the report of each run, as it ends. */
export type ReportSink = (report: RunReport) => void;

export const REPORT_SINK = Symbol.for('koreo.report-sink');

/** What became of showing a run on its trigger. */
type Shown = Written | { readonly type: 'failed'; readonly error: unknown };

/**
 * Makes one trigger's world right: looks at the trigger and the definitions as they are now, runs the Workflow, shows
 * the result on the trigger, reports it, and says when to look again. Why it was asked for matters to the report only.
 */
@injectable()
export class Reconciler {
  #runs = 0;
  /** When the first run was, so that ids differ from those of kernels before. */
  #since: string | undefined;

  constructor(
    @inject(TriggerBook) private readonly book: TriggerBook,
    @inject(LIVE_DEFINITIONS) private readonly definitions: LiveDefinitions,
    @inject(ATTEMPT_ENVIRONMENT) private readonly environment: AttemptEnvironment,
    @inject(RETRY_POLICY) private readonly policy: RetryPolicy,
    @inject(CLOCK) private readonly clock: Clock,
    @inject(REPORT_SINK) private readonly report: ReportSink,
    @inject(Announcer) private readonly announcer: Announcer,
    @inject(ManagedWatches) private readonly managed: ManagedWatches,
  ) {}

  /** One run. Rejects only with the signal's reason, or when something is wrong with the kernel itself. */
  async reconcile(work: Work, { failures, signal }: RunContext): Promise<Requeue> {
    const record = this.book.get(work.key);
    // What is being deleted waits for a finalizer that is not ours; a run would make anew what is being taken away.
    if (record === undefined || (record.resource.metadata.deletionTimestamp ?? null) !== null)
      return { type: 'forget' };

    const started = { at: this.clock.now(), trigger: record.resource, definitions: this.definitions.current };
    const backOff = this.policy.afterError(failures + 1);
    const context = { definitions: started.definitions, signal, backOffSeconds: backOff.ms / 1000 };
    const result = await attempt(record, this.environment, context);
    const view = viewOf(started.trigger, record.unsavedState, result, this.clock.now());
    const shown = await show(record, view, signal);

    if (this.book.get(record.key) === record) this.managed.set(record.key, managedAfter(started.trigger, view));
    record.used = result.run?.used ?? [];
    record.stamp = dependencyStamp(started.definitions, started.trigger, record.used);
    const requeue = this.#next(record, started, shown) ?? this.#plan(result, shown, backOff);
    const report = this.#describe(record, started, { work, result, view, shown, requeue });
    const before = beforeOf(started.trigger, record.lastRun);
    record.lastRun = summaryOf(report);
    this.report(report);
    this.announcer.ran(report, started.trigger, before);
    return requeue;
  }

  /** What has happened since the run began that leaves nothing to plan: the trigger has gone, or another run is due now. */
  #next(record: TriggerRecord, started: Started, shown: Shown): Requeue | undefined {
    const definitions = this.definitions.current;
    if (shown.type === 'failed') return undefined;
    if (shown.type === 'gone' || definitions.workflowsFor(record.resource).length === 0) {
      if (this.book.get(record.key) === record) this.book.drop(record.key);
      return { type: 'forget' };
    }
    // Had the watch told of the trigger since, it would know better than the answer to our write.
    if (shown.type === 'written' && record.resource === started.trigger && this.book.get(record.key) === record) {
      const { cause } = this.book.see(record.store, shown.resource);
      if (cause !== undefined) return { type: 'after', ms: 0, cause };
    }
    const stale =
      definitions !== started.definitions &&
      dependencyStamp(definitions, record.resource, record.used) !== record.stamp;
    return stale ? { type: 'after', ms: 0, cause: 'definition' } : undefined;
  }

  #plan(result: Attempt, shown: Shown, backOff: Again): Requeue {
    const changed = (result.run?.steps ?? []).some(changedSomething);
    const usual = this.policy.afterOutcome(result.outcome, { changed });
    const broken = result.error !== undefined || shown.type === 'failed';
    return broken ? { ...backOff, ms: Math.min(backOff.ms, usual.ms) } : usual;
  }

  #describe(record: TriggerRecord, started: Started, ended: Ended): RunReport {
    const { work, result, view, shown, requeue } = ended;
    const error = result.error ?? (shown.type === 'failed' ? runError(shown.error) : undefined);
    this.#runs += 1;
    this.#since ??= Math.floor(started.at).toString(36);
    return {
      id: `${this.#since}-${this.#runs}`,
      trigger: refOf(started.trigger),
      store: record.store.name,
      causes: work.causes,
      ...(result.workflow === undefined ? {} : { workflow: result.workflow }),
      outcome: result.outcome,
      steps: result.run?.steps ?? [],
      changed: shown.type === 'written' || (result.run?.steps ?? []).some(changedSomething),
      conditions: conditionsOf(started.trigger, view),
      state: result.run?.state ?? {},
      stateErrors: result.run?.stateErrors ?? null,
      managed: result.run?.managed ?? null,
      used: record.used,
      startedAt: new Date(started.at).toISOString(),
      durationMs: this.clock.now() - started.at,
      ...(requeue.type === 'forget' ? {} : { nextRunIn: requeue.ms / 1000 }),
      ...(error === undefined ? {} : { error }),
    };
  }
}

function summaryOf(report: RunReport): LastRun {
  const { trigger, store, causes, steps, changed, state, stateErrors, managed, used, outcome, ...rest } = report;
  return { ...rest, outcome: isOk(outcome) ? ok(null) : outcome };
}

/** What the last run made of the trigger, whether or not that could be written; before the first one, what the trigger shows. */
function beforeOf(trigger: Resource, lastRun: LastRun | undefined): Before {
  if (lastRun === undefined) return { ready: readyOf(currentConditions(trigger)) };
  return { ready: readyOf(lastRun.conditions), errorCode: lastRun.error?.code };
}

/** What a run began with. */
interface Started {
  readonly at: number;
  readonly trigger: Resource;
  readonly definitions: DefinitionLookup;
}

/** What a run came to. */
interface Ended {
  readonly work: Work;
  readonly result: Attempt;
  readonly view: TriggerView;
  readonly shown: Shown;
  readonly requeue: Requeue;
}

function changedSomething({ action, items = [], steps = [] }: LogicReport): boolean {
  const changing = action !== undefined && action.type !== 'none' && action.type !== 'wait';
  return (changing && action.done) || [...items, ...steps].some(changedSomething);
}

function viewOf(trigger: Resource, unsavedState: JsonObject, result: Attempt, now: number): TriggerView {
  const { outcome, verdicts, run } = result;
  const { generation } = trigger.metadata;
  const request = requestedAt(trigger);
  return {
    outcome,
    verdicts,
    state: deepMerge(unsavedState, run?.state ?? {}),
    ...(run === undefined ? {} : { ran: ranOf(run) }),
    ...(generation === undefined ? {} : { generation }),
    ...(request === undefined || result.paused ? {} : { handledRequest: request }),
    now: conditionTime(now),
  };
}

function ranOf({ stateErrors, managed, steps }: TriggerRun): NonNullable<TriggerView['ran']> {
  return { stateErrors, managed, saidAll: couldSay(steps) };
}

/** A status that cannot be written keeps nothing from being planned; the state in it is kept for the next try. */
async function show(record: TriggerRecord, view: TriggerView, signal: AbortSignal): Promise<Shown> {
  try {
    const written = await writeStatus(record, view, signal);
    record.unsavedState = {};
    return written;
  } catch (error) {
    if (signal.aborted) throw error;
    record.unsavedState = view.state;
    return { type: 'failed', error };
  }
}
