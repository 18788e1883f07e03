import { equalJson, isObject, type JsonObject } from '../model/json.js';
import { annotations, labels } from '../model/names.js';
import { asJson, guardsOf, isBeingDeleted, type Resource } from '../model/resource.js';
import { lastAppliedOf } from './last-applied.js';
import { mergePatch } from './merge-patch.js';
import { ownerReferencesOf } from './owner-references.js';

/** What becomes of a resource that a trigger wants no longer. */
export type Release =
  | { readonly type: 'gone' }
  /** It is being deleted, and something holds it. */
  | { readonly type: 'going' }
  | { readonly type: 'destroy'; readonly guards: ReleaseGuards }
  /** It stays; the patch, if there is one, takes away what ties it to the trigger. */
  | { readonly type: 'leave'; readonly why: LeaveReason; readonly patch?: JsonObject; readonly guards: ReleaseGuards };

/** Why a resource stays: its author wants it so, another trigger manages it, somebody else owns it, or it was never ours. */
export type LeaveReason = 'abandoned' | 'shared' | 'owned' | 'foreign';

/** What the decision was made from. */
export interface ReleaseGuards {
  readonly uid?: string;
  readonly revision?: string;
}

/** Who lets a resource go, and on what terms. */
export interface ReleaseTerms {
  /** The uid of the trigger, and of those before it from which it inherits; empty where its store has none. */
  readonly triggers: readonly string[];
  /** How people find the trigger again: `Order shop/one`. */
  readonly name: string;
  readonly policy: 'destroy' | 'abandon';
  /** Whether another trigger manages it too. */
  readonly shared: boolean;
}

/** Decides what becomes of a resource. What is not plainly ours, and ours alone, stays. */
export function decideRelease(actual: Resource | undefined, terms: ReleaseTerms): Release {
  if (actual === undefined) return { type: 'gone' };
  if (isBeingDeleted(actual)) return { type: 'going' };
  const guards = guardsOf(actual);
  const owners = ownerReferencesOf(asJson(actual));
  const mine = owners.filter(({ uid }) => typeof uid === 'string' && terms.triggers.includes(uid));
  const untied = mine.length === 0 ? undefined : { metadata: { ownerReferences: without(owners, mine) } };
  const leave = (why: LeaveReason, patch: JsonObject | undefined): Release => ({
    type: 'leave',
    why,
    guards,
    // What waits for others to go is looked at again and again, and has been left long since.
    ...(patch === undefined || equalJson(mergePatch(asJson(actual), patch), asJson(actual)) ? {} : { patch }),
  });
  if (mine.length === 0 && lastAppliedOf(asJson(actual)) === undefined) return leave('foreign', undefined);
  if (terms.shared) return leave('shared', untied);
  if (owners.length > mine.length) return leave('owned', untied);
  if (terms.policy === 'abandon') return leave('abandoned', abandonment(untied, terms.name));
  return { type: 'destroy', guards };
}

function abandonment(untied: JsonObject | undefined, name: string): JsonObject {
  const metadata = isObject(untied?.metadata) ? untied.metadata : {};
  return {
    metadata: { ...metadata, labels: { [labels.abandoned]: 'true' }, annotations: { [annotations.abandonedBy]: name } },
  };
}

function without(all: readonly JsonObject[], some: readonly JsonObject[]): readonly JsonObject[] {
  return all.filter((one) => !some.includes(one));
}
