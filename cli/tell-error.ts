import { ConfigError } from '../config/index.js';
import {
  errorMessage,
  formatProblem,
  KernelConfigurationError,
  KOREO_API_VERSION,
  KoreoError,
  UnknownKindError,
} from '../kernel/index.js';
import { ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/**
 * Tells a person what went wrong and gives the exit code for it: what they can mend in one message, what they cannot
 * with the way to a stack trace.
 */
export function tellError(terminal: Terminal, error: unknown, { debug }: { readonly debug: boolean }): ExitCode {
  const label = terminal.noteStyle('red', 'error:');
  if (error instanceof ConfigError) {
    for (const problem of error.problems) terminal.note(`${label} ${formatProblem(problem)}`);
  } else {
    terminal.note(`${label} ${errorMessage(error)}`);
  }
  const hint = hintFor(error);
  if (hint !== undefined) terminal.note(hint);
  if (debug && error instanceof Error) terminal.note(terminal.noteStyle('dim', error.stack ?? ''));
  if (error instanceof UsageError || error instanceof ConfigError) return ExitCode.usage;
  if (error instanceof KernelConfigurationError) return ExitCode.usage;
  if (error instanceof KoreoError || isSystemError(error)) return ExitCode.failed;
  if (!debug) terminal.note('This should not have happened. `koreo --debug …` shows where it did.');
  return ExitCode.unexpected;
}

/** What to do about a cluster that has never heard of us. */
function hintFor(error: unknown): string | undefined {
  if (!(error instanceof UnknownKindError) || !error.message.includes(KOREO_API_VERSION)) return undefined;
  return 'The kinds of definitions are installed with: koreo crds | kubectl apply -f -';
}

/** What the operating system refuses: no permission, a full disk. The user can mend it, and the message says what. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
