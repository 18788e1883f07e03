import type { ActionReport, LogicReport, RunReport } from '../contracts/run-report.js';
import type { Store } from '../contracts/store.js';
import { flattenManaged, type ManagedWorkflow } from '../model/managed-resources.js';
import { isOk, ok } from '../model/outcome.js';
import type { Resource } from '../model/resource.js';
import { deepMerge } from '../resources/deep-merge.js';
import type { Attempt } from './attempt.js';
import { conditionTime, currentConditions } from './conditions.js';
import { couldSay } from './managed-record.js';
import { type Before, readyOf, strainsOf } from './run-notices.js';
import type { LastRun, TriggerRecord } from './trigger-book.js';
import { requestedAt } from './trigger-change.js';
import type { TriggerView } from './trigger-view.js';

/** What was let go of in a run, and what is left of that. */
export interface LettingGo {
  readonly actions: readonly ActionReport[];
  readonly leftover?: ManagedWorkflow | undefined;
  readonly waitsFor: readonly string[];
}

/** What a run makes known of its trigger. */
export function viewOf(
  trigger: Resource,
  { unsavedState, store }: TriggerRecord,
  result: Attempt,
  { leftover, now }: { readonly leftover: ManagedWorkflow | undefined; readonly now: number },
): TriggerView {
  const { outcome, verdicts, run } = result;
  const { generation } = trigger.metadata;
  const request = requestedAt(trigger);
  const held = heldAfter(store, result, leftover);
  return {
    outcome,
    verdicts,
    state: deepMerge(unsavedState, run?.state ?? {}),
    ...(run === undefined ? {} : { ran: ranOf(run, leftover) }),
    ...(held === undefined ? {} : { held }),
    ...(generation === undefined ? {} : { generation }),
    ...(request === undefined || result.paused ? {} : { handledRequest: request }),
    now: conditionTime(now),
  };
}

/** Whether the trigger is to be held now; undefined when nothing is known that would change it. */
function heldAfter(store: Store, { run, isReleased }: Attempt, leftover: ManagedWorkflow | undefined) {
  if (store.holdsDeletion !== true) return undefined;
  if (isReleased === true) return false;
  if (run === undefined) return undefined;
  const isManaging = flattenManaged(run.managed).some(({ readonly }) => !readonly);
  if (isManaging || leftover !== undefined) return true;
  return couldSay(run.steps) ? false : undefined;
}

function ranOf(
  { stateErrors, managed, steps }: NonNullable<Attempt['run']>,
  leftover: ManagedWorkflow | undefined,
): NonNullable<TriggerView['ran']> {
  return { stateErrors, managed, saidAll: couldSay(steps), ...(leftover === undefined ? {} : { leftover }) };
}

/** What the last run made of the trigger, whether or not that could be written; before the first one, what the trigger shows. */
export function beforeOf(trigger: Resource, lastRun: LastRun | undefined): Before {
  const conditions = lastRun?.conditions ?? currentConditions(trigger);
  return { ready: readyOf(conditions), strains: strainsOf(conditions), errorCode: lastRun?.error?.code };
}

/** What is kept of a report until the next run. */
export function summaryOf(report: RunReport): LastRun {
  const { id, workflow, conditions, startedAt, durationMs, nextRunIn, error, outcome } = report;
  return {
    id,
    ...(workflow === undefined ? {} : { workflow }),
    conditions,
    startedAt,
    durationMs,
    ...(nextRunIn === undefined ? {} : { nextRunIn }),
    ...(error === undefined ? {} : { error }),
    outcome: isOk(outcome) ? ok(null) : outcome,
  };
}

/** Whether a Logic changed a resource, or anything in it did. */
export function changedSomething({ action, items = [], steps = [] }: LogicReport): boolean {
  const changing = action !== undefined && action.type !== 'none' && action.type !== 'wait';
  return (changing && action.done) || [...items, ...steps].some(changedSomething);
}
