import { asJson, getAt, isList, isObject, type Json, type JsonObject, type Resource } from '../../kernel/index.js';

/** A condition as commands show it; what is not there is an empty text. */
export interface ConditionView {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

/** The conditions of a resource, as far as they are there; anyone may have written nonsense in their place. */
export function conditionsIn(resource: Resource): readonly ConditionView[] {
  const conditions = getAt(asJson(resource), ['status', 'conditions']);
  return isList(conditions) ? conditions.filter(isCondition).map(viewOf) : [];
}

/** The condition `Ready`, where there is one. */
export function readyIn(resource: Resource): ConditionView | undefined {
  return conditionsIn(resource).find(({ type }) => type === 'Ready');
}

function isCondition(value: Json): value is JsonObject {
  return isObject(value) && typeof value.type === 'string';
}

function viewOf(condition: JsonObject): ConditionView {
  const text = (key: string): string => (typeof condition[key] === 'string' ? condition[key] : '');
  return {
    type: text('type'),
    status: text('status'),
    reason: text('reason'),
    message: text('message'),
    lastTransitionTime: text('lastTransitionTime'),
  };
}
