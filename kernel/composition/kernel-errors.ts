import { KoreoError } from '../model/errors.js';
import { formatProblem, type Problem } from '../model/problem.js';

/** What a kernel was to be made of does not fit together. Tells everything that is wrong; nothing has been started. */
export class KernelConfigurationError extends KoreoError {
  readonly code = 'kernel-configuration';

  constructor(readonly problems: readonly Problem[]) {
    super(`the kernel cannot be composed:\n${problems.map((problem) => `- ${formatProblem(problem)}`).join('\n')}`);
  }
}

/** A call that does not fit the state of the kernel: it has stopped, or was never started. */
export class KernelStateError extends KoreoError {
  readonly code = 'kernel-state';
}
