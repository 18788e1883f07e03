import { asJson, getAt, isList, isObject, type Json, type JsonObject, type Resource } from '../../kernel/index.js';

/** How a resource is, in the words of kstatus. `Current`: as its author wants it, as far as anybody can tell. */
export type HealthStatus = 'Current' | 'InProgress' | 'Failed' | 'Terminating' | 'NotFound' | 'Unknown';

/** How a resource is, and in a person's words why; the message is empty when there is nothing to say. */
export interface Health {
  readonly status: HealthStatus;
  readonly message: string;
}

export const current: Health = { status: 'Current', message: '' };

/** A resource that is on its way; says what is waited for. */
export function inProgress(message: string): Health {
  return { status: 'InProgress', message };
}

/** A resource that will not come right by waiting. */
export function failed(message: string): Health {
  return { status: 'Failed', message };
}

/** The parts of a resource that rules look at. Anyone may have written nonsense there. */
export class Observed {
  readonly #resource: JsonObject;

  constructor(resource: Resource) {
    this.#resource = asJson(resource);
  }

  at(...path: string[]): Json | undefined {
    return getAt(this.#resource, path);
  }

  /** The number at the path; the other one where there is none. */
  number(path: readonly string[], otherwise: number): number {
    const value = this.at(...path);
    return typeof value === 'number' ? value : otherwise;
  }

  text(...path: string[]): string {
    const value = this.at(...path);
    return typeof value === 'string' ? value : '';
  }

  /** The condition of the type; undefined when nobody has set it. */
  condition(type: string): ObservedCondition | undefined {
    const conditions = this.at('status', 'conditions');
    const found = isList(conditions) ? conditions.find((one) => getAt(one, ['type']) === type) : undefined;
    return isObject(found) ? new ObservedCondition(found) : undefined;
  }
}

/** A condition as it is there. */
export class ObservedCondition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;

  constructor(condition: JsonObject) {
    const text = (key: string): string => (typeof condition[key] === 'string' ? String(condition[key]) : '');
    this.status = text('status');
    this.reason = text('reason');
    this.message = text('message');
  }

  /** What it says, for a person. */
  get why(): string {
    return this.message || this.reason;
  }
}
