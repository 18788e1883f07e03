import type { RunCause } from '../contracts/run-report.js';
import { equalJson, isObject, type Json, type JsonObject } from '../model/json.js';
import { annotations } from '../model/names.js';
import { annotationOf, asJson, isBeingDeleted, type Resource } from '../model/resource.js';

/** Annotations and labels under these are the machinery's; a change of one is no reason to run. */
const MACHINERY = ['koreo.dev/', 'kubectl.kubernetes.io/'];

/** Those under the machinery's prefixes that nevertheless say what a run should do, or that there should be one. */
const DIRECTIONS: readonly string[] = [annotations.workflow, annotations.paused, annotations.drift];

/**
 * Why the trigger has to run, now that it has changed: `deleted` when it is to go, `requested` when a run was asked for by
 * annotation, `changed` when something changed that its author says, undefined when nothing did that a run could see.
 */
export function causeOfChange(before: Resource, after: Resource): RunCause | undefined {
  if (isBeingDeleted(after) && !isBeingDeleted(before)) return 'deleted';
  if (!equalJson(meaning(before), meaning(after))) return 'changed';
  const asked = requestedAt(after);
  return asked !== undefined && asked !== requestedAt(before) ? 'requested' : undefined;
}

/** The value of the annotation that asks for a run; undefined when it is not there. */
export function requestedAt(trigger: Resource): string | undefined {
  return annotationOf(trigger, annotations.reconcileRequestedAt);
}

/** What of a trigger a run depends on: all that its author says. A new object of the same name says it anew. */
function meaning(trigger: Resource): JsonObject {
  const { metadata, status: _status, ...content } = asJson(trigger);
  const { uid = null, labels, annotations: notes, deletionTimestamp = null } = isObject(metadata) ? metadata : {};
  return {
    ...content,
    metadata: { uid, labels: authored(labels), annotations: authored(notes), deleted: deletionTimestamp !== null },
  };
}

/** Files may hold anything where labels and annotations should be. */
function authored(entries: Json | undefined): JsonObject {
  if (!isObject(entries)) return {};
  const kept = Object.entries(entries).filter(
    ([key]) => DIRECTIONS.includes(key) || !MACHINERY.some((prefix) => key.startsWith(prefix)),
  );
  return Object.fromEntries(kept);
}
