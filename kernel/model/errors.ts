/** The base of every error that this project throws: a stable `code` for programs, a message that says what to do for people. */
export abstract class KoreoError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An error's message, for a message of ours; never the stack, never the cause's data. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
