import { inject, injectable } from 'tsyringe';
import { CLOCK, type Clock } from '../contracts/clock.js';
import type { RunReport } from '../contracts/run-report.js';
import type { DefinitionLookup } from '../definitions/definition-lookup.js';
import { flattenManaged } from '../model/managed-resources.js';
import { isBeingDeleted, type Resource, refOf } from '../model/resource.js';
import { managedKey, pruneManaged } from '../resources/inventory.js';
import { type Again, RETRY_POLICY, type Requeue, type RetryPolicy } from '../scheduler/retry-policy.js';
import type { RunContext } from '../scheduler/scheduler.js';
import type { Work } from '../scheduler/work-queue.js';
import { Announcer } from './announcer.js';
import { ATTEMPT_ENVIRONMENT, type Attempt, type AttemptEnvironment, attempt, runError, unread } from './attempt.js';
import { dependencyStamp, LIVE_DEFINITIONS, type LiveDefinitions } from './live-definitions.js';
import { couldSay } from './managed-record.js';
import { ManagedWatches } from './managed-watches.js';
import { type ReleaseContext, Releaser } from './releaser.js';
import { removal } from './removal.js';
import { changesOf } from './run-changes.js';
import { RunClaims } from './run-claims.js';
import { beforeOf, changedSomething, type LettingGo, summaryOf, viewOf } from './run-view.js';
import { type Written, writeStatus } from './status-writer.js';
import { SteadyRuns } from './steady-runs.js';
import { StrainWatch } from './strain.js';
import { leftBy, TriggerBook, type TriggerRecord, uidsOf } from './trigger-book.js';
import { conditionsOf, isHeld, managedAfter, type TriggerView } from './trigger-view.js';

/** Takes the report of each run, as it ends. */
export type ReportSink = (report: RunReport) => void;

export const REPORT_SINK = Symbol.for('koreo.report-sink');

/** What became of showing a run on its trigger. */
type Shown = Written | { readonly type: 'failed'; readonly error: unknown };

/** Seconds until it is looked again whether what is wanted no longer is gone; where that is watched, it is seen at once. */
const LEFTOVER_SECONDS = 10;

/**
 * Makes one trigger's world right: looks at the trigger and the definitions as they are now, runs the Workflow, lets go
 * of what is wanted no longer, shows the result on the trigger, reports it, and says when to look again. Why it was asked
 * for matters to the report only.
 */
@injectable()
export class Reconciler {
  #runs = 0;
  /** The last run's, which others may share. */
  #stamp = '';
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
    @inject(Releaser) private readonly releaser: Releaser,
    @inject(StrainWatch) private readonly strain: StrainWatch,
    @inject(SteadyRuns) private readonly steady: SteadyRuns,
  ) {}

  /** One run. Rejects only with the signal's reason, or when something is wrong with the kernel itself. */
  async reconcile(work: Work, { failures, signal }: RunContext): Promise<Requeue> {
    const record = this.book.get(work.key);
    if (record === undefined || record.released === true) return { type: 'forget' };
    const { departed = false } = record;
    const sight = departed || !record.progress.isBehind ? SEEN : await catchUp(record, this.book, signal);
    if (sight.type === 'gone') return { type: 'forget' };
    // What is being deleted and does not wait for us is somebody else's; a run would make anew what is being taken away.
    if (isBeingDeleted(record.resource) && !isHeld(record.resource) && !departed) return { type: 'forget' };

    const known = sight.type === 'seen' && !departed ? this.steady.outcomeOf(record) : undefined;
    if (known !== undefined) return this.#repeat(record, work, known);

    const started = { at: this.clock.now(), trigger: record.resource, definitions: this.definitions.current };
    const backOff = this.policy.afterError(failures + 1);
    const claims = new RunClaims(record, this.book, signal);
    const release = {
      key: record.key,
      trigger: started.trigger,
      uids: uidsOf(record),
      definitions: started.definitions,
      signal,
    };
    const reads = this.managed.log();
    const context = {
      definitions: started.definitions,
      handlers: reads.handlers,
      signal,
      backOffSeconds: backOff.ms / 1000,
      claims,
      drift: this.strain.policyFor(record, work.causes),
    };
    const ended =
      sight.type === 'failed'
        ? unread(sight.error, context.backOffSeconds)
        : departed || isBeingDeleted(record.resource)
          ? await removal(leftBy(record), this.releaser, release)
          : await attempt(record, this.environment, context);
    const strain = this.strain.after(record, ended);
    const result = { ...ended, verdicts: [...ended.verdicts, ...strain.verdicts] };
    const lettingGo = await this.#letGo(record, result, release);
    const { leftover } = lettingGo;
    const view = viewOf(started.trigger, record, result, { leftover, now: this.clock.now() });
    const shown = departed ? UNCHANGED : sight.type === 'failed' ? sight : await show(record, view, signal);

    this.#note(record, started, { result, view, shown });
    const requeue =
      this.#next(record, started, { shown, result, claims }) ??
      this.#plan({ result, shown, lettingGo, backOff, lookAgainMs: strain.lookAgainMs });
    const report = this.#describe(record, started, { work, result, view, shown, requeue, lettingGo });
    const before = beforeOf(started.trigger, record.lastRun);
    record.lastRun = summaryOf(report);
    for (const { resource } of changesOf(report)) this.managed.changedBy(record.key, resource);
    const isShown = shown.type === 'unchanged' && !departed;
    this.steady.note(record, { trigger: started.trigger, reads, report, requeue, strain, isShown });
    this.report(report);
    this.announcer.ran(report, started.trigger, before);
    return requeue;
  }

  /** Nothing that the last run came from has changed since, so this one comes to the same. */
  #repeat(record: TriggerRecord, { causes }: Work, known: RunReport): Requeue {
    const at = this.clock.now();
    const requeue = this.policy.afterOutcome(known.outcome);
    const report = {
      ...known,
      id: this.#nextId(at),
      causes,
      startedAt: new Date(at).toISOString(),
      durationMs: this.clock.now() - at,
      nextRunIn: requeue.ms / 1000,
    };
    record.lastRun = summaryOf(report);
    this.report(report);
    return requeue;
  }

  /** After a run that could say all, what it said before and says no longer is let go. */
  async #letGo(record: TriggerRecord, { run, released }: Attempt, context: ReleaseContext): Promise<LettingGo> {
    const before = leftBy(record);
    if (run === undefined || before === undefined || !couldSay(run.steps)) {
      return { actions: released ?? [], waitsFor: [] };
    }
    const wanted = new Set(flattenManaged(run.managed).map(managedKey));
    const gone = pruneManaged(before, (resource) => !wanted.has(managedKey(resource)));
    if (gone === undefined) return { actions: [], waitsFor: [] };
    const { actions, remaining, waitsFor } = await this.releaser.release(gone, context);
    return { actions, waitsFor, leftover: pruneManaged(gone, (resource) => remaining.has(managedKey(resource))) };
  }

  /** Keeps what the next run begins with, and what has to cause it. */
  #note(record: TriggerRecord, started: Started, { result, view, shown }: Result): void {
    const isKnown = this.book.get(record.key) === record;
    if (isKnown && result.isReleased === true) this.managed.set(record.key, undefined);
    // Where no Workflow ran nothing new is managed, and what has been let go of already must not come back.
    else if (isKnown && result.workflow !== undefined)
      this.managed.set(record.key, managedAfter(record.resource, view));
    // What is not gone yet is on record from now on, unless that could not be written.
    if (view.ran?.saidAll === true && shown.type !== 'failed') record.inherited = undefined;
    record.used = result.run?.used ?? [];
    const stamp = dependencyStamp(started.definitions, started.trigger, record.used);
    // It is the same for almost all triggers of a Workflow, and long.
    record.stamp = stamp === this.#stamp ? this.#stamp : stamp;
    this.#stamp = stamp;
  }

  /** What has happened since the run began that leaves nothing to plan: the trigger has gone, or another run is due now. */
  #next(record: TriggerRecord, started: Started, { shown, result, claims }: Outcomes): Requeue | undefined {
    const definitions = this.definitions.current;
    if (shown.type === 'failed') return undefined;
    if (record.departed === true ? result.isReleased === true : this.#isNobodys(record)) {
      if (this.book.get(record.key) === record) this.book.drop(record.key);
      return { type: 'forget' };
    }
    // Some stores let what is leaving be asked for once more: it is there again, and all of it is to be made anew.
    const isAgain = result.isReleased === true && shown.type === 'written' && !isBeingDeleted(shown.resource);
    if (isAgain) return { type: 'after', ms: 0, cause: this.book.learn(record, shown.resource) ?? 'changed' };
    // The watch has yet to tell that it has gone, and until then may tell of it as it was.
    record.released = result.isReleased === true;
    if (shown.type === 'gone' || record.released) return { type: 'forget' };
    const cause = shown.type === 'written' ? this.book.learn(record, shown.resource) : undefined;
    if (cause !== undefined) return { type: 'after', ms: 0, cause };
    if (claims.triggerChanged) return { type: 'after', ms: 0, cause: 'changed' };
    const stale =
      definitions !== started.definitions &&
      dependencyStamp(definitions, record.resource, record.used) !== record.stamp;
    return stale ? { type: 'after', ms: 0, cause: 'definition' } : undefined;
  }

  /** Whether no Workflow names the trigger's kind any more, and none of its kind is watched on to be let go of. */
  #isNobodys({ resource, departed = false }: TriggerRecord): boolean {
    const isNamed = this.definitions.current.workflowsFor(resource).length > 0;
    return !isNamed && !departed && !this.book.isBoundKind(resource);
  }

  #plan({ result, shown, lettingGo: { leftover }, backOff, lookAgainMs }: Plans): Requeue {
    const changed = (result.run?.steps ?? []).some(changedSomething);
    const outcome = this.policy.afterOutcome(result.outcome, { changed });
    const latest = leftover === undefined ? lookAgainMs : Math.min(lookAgainMs, LEFTOVER_SECONDS * 1000);
    const usual = { ...outcome, ms: Math.min(outcome.ms, latest) };
    const broken = result.error !== undefined || shown.type === 'failed';
    return broken ? { ...backOff, ms: Math.min(backOff.ms, usual.ms) } : usual;
  }

  #describe(record: TriggerRecord, started: Started, ended: Ended): RunReport {
    const { work, result, view, shown, requeue, lettingGo } = ended;
    const error = result.error ?? (shown.type === 'failed' ? runError(shown.error) : undefined);
    const steps = result.run?.steps ?? [];
    return {
      id: this.#nextId(started.at),
      trigger: refOf(started.trigger),
      store: record.store.name,
      causes: work.causes,
      ...(result.workflow === undefined ? {} : { workflow: result.workflow }),
      outcome: result.outcome,
      steps,
      released: lettingGo.actions,
      releaseWaitsFor: lettingGo.waitsFor,
      changed: shown.type === 'written' || steps.some(changedSomething) || lettingGo.actions.length > 0,
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

  #nextId(at: number): string {
    this.#runs += 1;
    this.#since ??= Math.floor(at).toString(36);
    return `${this.#since}-${this.#runs}`;
  }
}

/** What a run began with. */
interface Started {
  readonly at: number;
  readonly trigger: Resource;
  readonly definitions: DefinitionLookup;
}

/** What a run came to, and what became of showing it. */
interface Result {
  readonly result: Attempt;
  readonly view: TriggerView;
  readonly shown: Shown;
}

/** What has come of a run by the time at which the next one is thought of. */
interface Outcomes {
  readonly shown: Shown;
  readonly result: Attempt;
  readonly claims: RunClaims;
}

/** What decides when the next run is, if nothing else calls for one. */
interface Plans extends Pick<Ended, 'result' | 'shown' | 'lettingGo'> {
  /** If the run broke. */
  readonly backOff: Again;
  /** The longest time until it is to be seen whether a strain is over. */
  readonly lookAgainMs: number;
}

/** What a run came to. */
interface Ended {
  readonly work: Work;
  readonly result: Attempt;
  readonly view: TriggerView;
  readonly shown: Shown;
  readonly requeue: Requeue;
  readonly lettingGo: LettingGo;
}

/** Whether a run knows how its trigger is. */
type Sight =
  | { readonly type: 'seen' }
  | { readonly type: 'gone' }
  | { readonly type: 'failed'; readonly error: unknown };

const SEEN: Sight = { type: 'seen' };
const UNCHANGED: Shown = { type: 'unchanged' };

/** Asks the store how the trigger is, when its watch is behind. Of what has gone the watch has yet to tell. */
async function catchUp(record: TriggerRecord, book: TriggerBook, signal: AbortSignal): Promise<Sight> {
  const { store, resource } = record;
  try {
    const fresh = await store.get(refOf(resource), { signal });
    if (fresh === undefined || fresh.metadata.uid !== resource.metadata.uid) return { type: 'gone' };
    book.learn(record, fresh);
    return SEEN;
  } catch (error) {
    signal.throwIfAborted();
    return { type: 'failed', error };
  }
}

/** A status that cannot be written keeps nothing from being planned; the state in it is kept for the next try. */
async function show(record: TriggerRecord, view: TriggerView, signal: AbortSignal): Promise<Shown> {
  try {
    const written = await writeStatus(record, view, signal);
    record.unsavedState = {};
    return written;
  } catch (error) {
    if (signal.aborted) throw error;
    record.progress.unanswered();
    record.unsavedState = view.state;
    return { type: 'failed', error };
  }
}
