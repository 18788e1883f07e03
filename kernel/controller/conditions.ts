import type { Condition } from '../model/condition.js';
import { isList, isObject, type Json, type JsonObject } from '../model/json.js';
import type { Outcome } from '../model/outcome.js';
import type { Resource } from '../model/resource.js';

/** What a condition says, before it is known since when. */
export type Verdict = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/** The longest message that Kubernetes takes in a condition. */
const LONGEST_MESSAGE = 32_768;

/** The condition of a type that tells what the thing of that name came to. */
export function verdictOf(type: string, name: string, outcome: Outcome): Verdict {
  switch (outcome.type) {
    case 'Ok':
      return verdict(type, 'True', 'Ready', `${name} ready.`);
    case 'Skip':
      return verdict(type, 'True', 'Skip', `Skipping ${name}: ${outcome.message}`);
    case 'DepSkip':
      return verdict(type, 'Unknown', 'DepSkip', `${name} awaiting dependencies to be ready (${outcome.message})`);
    case 'Retry':
      return verdict(type, 'Unknown', 'Wait', `Awaiting ${name} to be ready (${outcome.message}).`);
    case 'PermFail':
      return verdict(type, 'False', 'Failure', `Unrecoverable error reconciling ${name}. (${outcome.message}).`);
  }
}

/** A condition; a message that is too long for Kubernetes is cut. */
export function verdict(type: string, status: Condition['status'], reason: string, message: string): Verdict {
  return { type, status, reason, message: shorten(message) };
}

/** A text that is no longer than a condition's message may be. */
export function shorten(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE - 1)}…` : text;
}

/** What surrounds a run's verdicts when they become conditions. */
export interface ConditionFrame {
  /** The conditions that the trigger shows now. */
  readonly current: readonly Condition[];
  /** Whether those that no verdict speaks of stay: they are someone else's, or no run happened that could say more. */
  readonly keepOthers: boolean;
  /** RFC 3339, UTC. */
  readonly now: string;
  readonly generation: number | undefined;
}

/** Conditions from verdicts; of two of a type the first wins. The time of transition moves only when the status does. */
export function conditionsFrom(verdicts: readonly Verdict[], frame: ConditionFrame): readonly Condition[] {
  const { current, keepOthers, now, generation } = frame;
  const before = new Map(current.map((condition) => [condition.type, condition]));
  const mine = new Map<string, Condition>();
  for (const one of verdicts) {
    if (mine.has(one.type)) continue;
    const old = before.get(one.type);
    const since = old !== undefined && old.status === one.status ? (old.lastTransitionTime ?? now) : now;
    mine.set(one.type, {
      ...one,
      lastTransitionTime: since,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    });
  }
  if (!keepOthers) return [...mine.values()];
  const kept = [...before.values()].map((condition) => mine.get(condition.type) ?? condition);
  return [...kept, ...[...mine.values()].filter(({ type }) => !before.has(type))];
}

/** The conditions that a resource shows now; what is none in their place is left out. */
export function currentConditions({ status }: Resource): readonly Condition[] {
  const conditions = status?.conditions;
  return isList(conditions) ? conditions.filter(isCondition) : [];
}

function isCondition(value: Json): value is JsonObject & Condition {
  return isObject(value) && typeof value.type === 'string';
}

/** A moment, in milliseconds since the epoch, as conditions tell it: RFC 3339 in UTC, whole seconds. */
export function conditionTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length)}Z`;
}
