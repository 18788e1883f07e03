import { KoreoError } from '../model/errors.js';

/** Which limit of an evaluation was passed: its steps, the steps of the whole run, or the size of what it made. */
export type EvaluationLimit = 'evaluationSteps' | 'runSteps' | 'stringBytes' | 'listItems';

/** Thrown inside an evaluation that goes beyond a limit. The runtime makes it a PermFail that names the expression. */
export class LimitExceededError extends KoreoError {
  readonly code = 'limit-exceeded';

  constructor(
    readonly limit: EvaluationLimit,
    readonly maximum: number,
  ) {
    super(`${DESCRIPTION[limit]} is over the limit of ${maximum} (limits.${limit})`);
  }
}

const DESCRIPTION: Readonly<Record<EvaluationLimit, string>> = {
  evaluationSteps: 'the number of steps of this evaluation',
  runSteps: 'the number of evaluation steps of this run',
  stringBytes: 'the size of a string that the expression makes',
  listItems: 'the number of items of a list that the expression makes',
};

/** The limits of evaluations; see `limits` in the configuration. */
export interface EvaluationLimits {
  readonly evaluationSteps: number;
  readonly runSteps: number;
  /** Bytes of UTF-16 code units counted as one each: a cheap upper bound for what a string costs. */
  readonly stringBytes: number;
  readonly listItems: number;
}

export const DEFAULT_EVALUATION_LIMITS: EvaluationLimits = {
  evaluationSteps: 1_000_000,
  runSteps: 10_000_000,
  stringBytes: 10 * 1024 * 1024,
  listItems: 1_000_000,
};

/** What all evaluations of one run may spend together. */
export class RunBudget {
  #left: number;

  constructor(readonly limits: EvaluationLimits = DEFAULT_EVALUATION_LIMITS) {
    this.#left = limits.runSteps;
  }

  /** The budget of one evaluation, which counts against the run's. */
  evaluation(): Budget {
    return new Budget(this);
  }

  /** @throws LimitExceededError when the run has spent all that it may */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new LimitExceededError('runSteps', this.limits.runSteps);
  }
}

/** What one evaluation may spend. Engines and functions count work here, as they do it. */
export class Budget {
  #left: number;
  readonly #run: RunBudget;

  constructor(run: RunBudget = new RunBudget()) {
    this.#run = run;
    this.#left = run.limits.evaluationSteps;
  }

  /** Counts steps: an element visited, a character range copied, a function called. @throws LimitExceededError */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new LimitExceededError('evaluationSteps', this.#run.limits.evaluationSteps);
    this.#run.spend(steps);
  }

  /** To be asked before a string of that length is made. @throws LimitExceededError */
  checkString(length: number): void {
    if (length > this.#run.limits.stringBytes) {
      throw new LimitExceededError('stringBytes', this.#run.limits.stringBytes);
    }
  }

  /** To be asked before a list or mapping of that many items is made. @throws LimitExceededError */
  checkItems(count: number): void {
    if (count > this.#run.limits.listItems) throw new LimitExceededError('listItems', this.#run.limits.listItems);
  }
}
