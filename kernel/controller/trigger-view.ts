import type { StatusPatch } from '../contracts/store.js';
import type { Condition } from '../model/condition.js';
import { getAt, isObject, type JsonObject } from '../model/json.js';
import { type ManagedWorkflow, parseManaged } from '../model/managed-resources.js';
import { annotations, FINALIZER } from '../model/names.js';
import type { Outcome } from '../model/outcome.js';
import { annotationOf, asJson, isBeingDeleted, type Resource } from '../model/resource.js';
import { deepMerge } from '../resources/deep-merge.js';
import { mergePatchBetween } from '../resources/merge-patch-between.js';
import { conditionsFrom, currentConditions, shorten, type Verdict } from './conditions.js';
import { keptRecord, mergeRecords } from './managed-record.js';
import { tellsOfStrain } from './strain-conditions.js';

/** What a run, or its having been impossible, makes known of its trigger. */
export interface TriggerView {
  readonly verdicts: readonly Verdict[];
  readonly outcome: Outcome;
  /** What runs gave since the last status was written; laid over the state that is there. */
  readonly state: JsonObject;
  /** Absent when no Workflow ran: then nothing new is known of these. */
  readonly ran?: {
    readonly stateErrors: Readonly<Record<string, string>> | null;
    readonly managed: ManagedWorkflow;
    /** Whether that is all; if not, what is on record from before stays so. */
    readonly saidAll: boolean;
    /** What the run wants no longer, and what is not gone yet. */
    readonly leftover?: ManagedWorkflow;
  };
  /** Whether the trigger may not go before its resources have been let go of; absent: that stays as it is. */
  readonly held?: boolean;
  /** The generation of the trigger that the run saw, in stores that count them. */
  readonly generation?: number;
  /** The request for a run that this answers. */
  readonly handledRequest?: string;
  /** RFC 3339, UTC. */
  readonly now: string;
}

/** The conditions that a trigger is to show: the view's own, and those of others as far as they stay. */
export function conditionsOf(trigger: Resource, view: TriggerView): readonly Condition[] {
  const told = new Set(view.verdicts.map(({ type }) => type));
  const isOver = (condition: Condition) =>
    view.ran !== undefined && tellsOfStrain(condition) && !told.has(condition.type);
  return conditionsFrom(view.verdicts, {
    current: currentConditions(trigger).filter((condition) => !isOver(condition)),
    keepOthers: view.ran === undefined || mergesConditions(trigger),
    now: view.now,
    generation: view.generation,
  });
}

/** Whether the trigger asks for the conditions of others to be kept. */
export function mergesConditions(trigger: Resource): boolean {
  return annotationOf(trigger, annotations.mergeConditions) === 'true';
}

/** The state that the trigger's status holds; empty before there is one. */
export function stateOf(trigger: Resource): JsonObject {
  const state = trigger.status?.state;
  return isObject(state) ? state : {};
}

/** What has to be written so that the trigger shows the view; undefined when it does already. */
export function statusPatchFor(trigger: Resource, view: TriggerView): StatusPatch | undefined {
  const status = mergePatchBetween(ownedStatus(trigger), wantedStatus(trigger, view));
  const recorded = annotationOf(trigger, annotations.managedResources);
  const managed = view.ran && JSON.stringify(recordAfter(recorded, view.ran));
  const isHolding = isHeld(trigger);
  const { held = isHolding } = view;
  const finalizers = held === isHolding || (held && isBeingDeleted(trigger)) ? undefined : { [FINALIZER]: held };
  // What is let go of for good may be gone in the same moment, and have no place for a status any more.
  if (finalizers !== undefined && !held && isBeingDeleted(trigger)) return { finalizers };
  const patch: StatusPatch = {
    ...(finalizers === undefined ? {} : { finalizers }),
    ...(status === undefined ? {} : { status }),
    ...(managed === undefined || managed === recorded
      ? {}
      : { annotations: { [annotations.managedResources]: managed } }),
  };
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** What is on record with a trigger as what it manages; undefined when nothing is that can be read. */
export function recordedManaged(trigger: Resource): ManagedWorkflow | undefined {
  const recorded = annotationOf(trigger, annotations.managedResources);
  return recorded === undefined ? undefined : parseManaged(recorded);
}

/** What a trigger is about after a run, as it is on record, or will be. */
export function managedAfter(trigger: Resource, { ran }: TriggerView): ManagedWorkflow | undefined {
  if (ran === undefined) return recordedManaged(trigger);
  return recordAfter(annotationOf(trigger, annotations.managedResources), ran);
}

function recordAfter(
  recorded: string | undefined,
  { saidAll, managed, leftover }: NonNullable<TriggerView['ran']>,
): ManagedWorkflow {
  if (!saidAll) return keptRecord(recorded, managed);
  return leftover === undefined ? managed : mergeRecords(leftover, managed);
}

/** Whether the trigger cannot go before its resources have been let go of. */
export function isHeld(trigger: Resource): boolean {
  return (trigger.metadata.finalizers ?? []).includes(FINALIZER);
}

/** The fields of the status that are the kernel's; all others are left alone. */
function ownedStatus({ status }: Resource): JsonObject {
  const { conditions = null, state = null, koreo = null } = isObject(status) ? status : {};
  return { conditions, state, koreo };
}

function wantedStatus(trigger: Resource, view: TriggerView): JsonObject {
  const { state } = ownedStatus(trigger);
  const told = koreoStatus(trigger, view);
  return {
    conditions: conditionsOf(trigger, view).map((condition): JsonObject => ({ ...condition })),
    state: Object.keys(view.state).length > 0 ? deepMerge(stateOf(trigger), view.state) : (state ?? null),
    koreo: Object.values(told).some((value) => value !== null) ? told : null,
  };
}

function koreoStatus(trigger: Resource, { outcome, ran, handledRequest }: TriggerView): JsonObject {
  const failed = outcome.type === 'Retry' || outcome.type === 'PermFail';
  const koreo = ['status', 'koreo'];
  const answered = getAt(asJson(trigger), [...koreo, 'lastHandledReconcileAt']) ?? null;
  const stateErrors =
    ran === undefined ? (getAt(asJson(trigger), [...koreo, 'state_errors']) ?? null) : ran.stateErrors;
  return {
    errors: failed ? shorten(outcome.message) : null,
    locations: failed && outcome.location !== '' ? shorten(outcome.location) : null,
    state_errors: stateErrors,
    lastHandledReconcileAt: handledRequest ?? answered,
  };
}
