import { inject, injectable } from 'tsyringe';
import type { RunReport, StepReport } from '../contracts/run-report.js';
import type { DefinitionLookup } from '../definitions/definition-lookup.js';
import { weighsAtMost } from '../model/json-weight.js';
import type { Resource } from '../model/resource.js';
import type { ReadLog } from '../resources/read-log.js';
import type { Requeue } from '../scheduler/retry-policy.js';
import { dependencyStamp, LIVE_DEFINITIONS, type LiveDefinitions } from './live-definitions.js';
import { couldSay } from './managed-record.js';
import { type Strain, StrainWatch } from './strain.js';
import type { TriggerRecord } from './trigger-book.js';

/** How many values of a run's report are kept so that the next run can be told by it. */
export const REMEMBERED_VALUES = Symbol.for('koreo.remembered-values');

/** A run that has ended, as far as it matters to whether the next one repeats it. */
interface EndedRun {
  /** The trigger as the run saw it. */
  readonly trigger: Resource;
  readonly reads: ReadLog;
  readonly report: RunReport;
  readonly requeue: Requeue;
  readonly strain: Strain;
  /** Whether the trigger showed already what the run made known. */
  readonly isShown: boolean;
}

/**
 * Remembers of each trigger the last run if it found nothing to do. A run comes only from its trigger, its definitions and
 * what it reads; as long as the watches say the same of all of these, the next run would come to the same, and need
 * not be evaluated. See docs/adr/0021.
 */
@injectable()
export class SteadyRuns {
  /** The definitions that were last compared with, and how many there were before them. */
  #definitions: DefinitionLookup | undefined;
  #age = 0;

  constructor(
    @inject(LIVE_DEFINITIONS) private readonly definitions: LiveDefinitions,
    @inject(StrainWatch) private readonly strain: StrainWatch,
    @inject(REMEMBERED_VALUES) private readonly mostValues: number,
  ) {}

  /** What a run now would tell, but for its times and causes; undefined when it may come to something else. */
  outcomeOf(record: TriggerRecord): RunReport | undefined {
    const { steady } = record;
    if (steady === undefined) return undefined;
    const holds =
      steady.trigger === record.resource &&
      this.strain.isCalm(record) &&
      this.#meansTheSame(record, steady) &&
      steady.reads.holds;
    if (holds) return steady.report;
    delete record.steady;
    return undefined;
  }

  /** Takes note of a run that was evaluated. */
  note(record: TriggerRecord, ended: EndedRun): void {
    delete record.steady;
    if (!this.#isSteady(record, ended)) return;
    const { trigger, reads, report } = ended;
    record.steady = { trigger, reads, age: this.#ageOf(this.definitions.current), report: repeated(report) };
  }

  #isSteady(record: TriggerRecord, { trigger, report, requeue, strain, isShown }: EndedRun): boolean {
    // That it is due at the period says that the run found no reason of its own to come again.
    const rests = requeue.type === 'after' && requeue.cause === 'period';
    const didNothing = isShown && !report.changed && report.error === undefined && report.releaseWaitsFor.length === 0;
    return (
      rests &&
      didNothing &&
      report.workflow !== undefined &&
      report.managed !== null &&
      couldSay(report.steps) &&
      strain.lookAgainMs === Number.POSITIVE_INFINITY &&
      record.resource === trigger &&
      record.inherited === undefined &&
      weighsAtMost(report, this.mostValues)
    );
  }

  /** Whether no definition has changed that the run depended on. */
  #meansTheSame(record: TriggerRecord, steady: NonNullable<TriggerRecord['steady']>): boolean {
    const { current } = this.definitions;
    const age = this.#ageOf(current);
    if (steady.age === age) return true;
    if (dependencyStamp(current, record.resource, record.used) !== record.stamp) return false;
    steady.age = age;
    return true;
  }

  /** A number for the definitions, since who keeps them themselves keeps all that they were. */
  #ageOf(definitions: DefinitionLookup): number {
    if (this.#definitions !== definitions) {
      this.#definitions = definitions;
      this.#age += 1;
    }
    return this.#age;
  }
}

/** The report of a run that repeats another: nothing was evaluated, so no step took any time. */
function repeated(report: RunReport): RunReport {
  return { ...report, repeated: true, steps: report.steps.map(untimed) };
}

function untimed({ steps, items, ...step }: StepReport): StepReport {
  return {
    ...step,
    ...(items === undefined ? {} : { items: items.map((item) => untimedLogic(item)) }),
    ...(steps === undefined ? {} : { steps: steps.map(untimed) }),
    durationMs: 0,
  };
}

function untimedLogic<T extends Pick<StepReport, 'steps'>>(logic: T): T {
  return logic.steps === undefined ? logic : { ...logic, steps: logic.steps.map(untimed) };
}
