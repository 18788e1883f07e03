import type { ManagedResource } from '../model/managed-resources.js';
import type { DriftPolicy, RunContext } from './run-context.js';
import type { TimeLimit } from './time-limit.js';

/** The context of one step: that of its run, under the step's own time limit. */
export class StepContext implements RunContext {
  readonly definitions;
  readonly handlers;
  readonly clock;
  readonly limits;
  readonly dryRun;
  readonly owner;
  readonly budget;
  readonly used;
  readonly claim;
  readonly appliedTo;
  declare readonly drift?: DriftPolicy;
  readonly #limit: TimeLimit;

  constructor(run: RunContext, limit: TimeLimit) {
    this.definitions = run.definitions;
    this.handlers = run.handlers;
    this.clock = run.clock;
    this.limits = run.limits;
    this.dryRun = run.dryRun;
    this.owner = run.owner;
    this.budget = run.budget;
    this.used = run.used;
    this.claim = (resource: ManagedResource) => run.claim(resource);
    this.appliedTo = (resource: ManagedResource) => run.appliedTo(resource);
    if (run.drift !== undefined) this.drift = run.drift;
    this.#limit = limit;
  }

  /** Made when it is first asked for: most steps never ask. */
  get signal(): AbortSignal {
    return this.#limit.signal;
  }
}
