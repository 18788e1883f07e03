import { KoreoError } from '../model/errors.js';
import { formatProblem, type Problem } from '../model/problem.js';

/** What a kernel was to be made of does not fit together. Tells everything that is wrong; nothing has been started. */
export class KernelConfigurationError extends KoreoError {
  readonly code = 'kernel-configuration';

  constructor(readonly problems: readonly Problem[]) {
    super(`the kernel cannot be composed:\n${problems.map((problem) => `- ${formatProblem(problem)}`).join('\n')}`);
  }
}

/** A plug-in could not start; those that had were stopped again. `cause` is what it threw. */
export class PluginStartError extends KoreoError {
  readonly code = 'plugin-start';

  constructor(
    readonly plugin: string,
    message: string,
    options: { cause: unknown },
  ) {
    super(`plug-in '${plugin}' could not start: ${message}`, options);
  }
}

/** A call that does not fit the state of the kernel: it has stopped, or was never started. */
export class KernelStateError extends KoreoError {
  readonly code = 'kernel-state';
}
