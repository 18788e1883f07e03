import { formatProblem, KoreoError, type Problem } from '../kernel/index.js';

/** Thrown when a configuration cannot be used; holds everything that is wrong with it, each with file, line and column. */
export class ConfigError extends KoreoError {
  readonly code = 'invalid-configuration';

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
  }
}
