import type { ManagedResource } from '../model/managed-resources.js';
import { asJson, type Resource } from '../model/resource.js';
import { recordOn, withRecordOf } from '../resources/last-applied.js';
import type { Action } from './resource-decision.js';
import type { Execution } from './resource-execution.js';

/**
 * What was last applied to a resource that has no place to say so itself: it is kept on the record of the trigger, put
 * there before the write as all of that record is, and shown on what is read as if the resource said it.
 */
export class AppliedRecord {
  readonly #resource: ManagedResource;
  readonly #applied: string | undefined;

  /** @param applied what is on record by now */
  constructor(resource: ManagedResource, applied: string | undefined) {
    this.#resource = resource;
    this.#applied = applied;
  }

  /** What is on record as long as nothing is written. */
  get before(): ManagedResource {
    return this.#recorded(this.#applied);
  }

  /** The resource as it would be read if it had a place for the record. */
  shownOn(actual: Resource | undefined): Resource | undefined {
    return actual === undefined ? undefined : withRecordOf(actual, this.#applied);
  }

  /** What goes on record before the action is done. */
  with(action: Action): ManagedResource {
    return this.#recorded(appliedBy(action) ?? this.#applied);
  }

  /**
   * What stays on record. A patch that failed changed nothing of what is known; a create that failed may have been done
   * all the same, and would be nobody's, unless what is there now was there before.
   */
  after(action: Action, { done, existed = false }: Execution): ManagedResource {
    return done || (action.type === 'create' && !existed) ? this.with(action) : this.before;
  }

  #recorded(applied: string | undefined): ManagedResource {
    return applied === undefined ? this.#resource : { ...this.#resource, applied };
  }
}

function appliedBy(action: Action): string | undefined {
  if (action.type === 'create') return recordOn(asJson(action.target));
  return action.type === 'patch' && action.change.type === 'target'
    ? recordOn(asJson(action.change.target))
    : undefined;
}
