/**
 * The command line asks for something that cannot be; the message says what to do. Not one of the kernel's errors, so
 * that a command line can be refused without loading the kernel.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}
