/** The base of every error that this project throws: a stable `code` for programs, a message that says what to do for people. */
export abstract class KoreoError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

type ErrorClass = abstract new (...args: never[]) => Error;

/**
 * Lets `instanceof` know errors of another copy of this package too, by the names of their classes below the base: a plug-in may
 * have been installed with a copy of its own, and its errors mean the same. Two classes of one copy are never taken for one.
 */
export function knowOtherCopies(base: ErrorClass): void {
  Object.defineProperty(base, Symbol.hasInstance, {
    value(this: ErrorClass, value: unknown): boolean {
      if (isOrdinaryInstance(value, this)) return true;
      if (!(value instanceof Error) || isOrdinaryInstance(value, base)) return false;
      const lineage = classNames(value);
      return lineage.includes(this.name) && lineage.includes(base.name);
    },
  });
}

knowOtherCopies(KoreoError);

function isOrdinaryInstance(value: unknown, wanted: ErrorClass): boolean {
  return Function.prototype[Symbol.hasInstance].call(wanted, value);
}

function classNames(value: object): readonly string[] {
  const names: string[] = [];
  for (let one: unknown = Object.getPrototypeOf(value); one instanceof Object; one = Object.getPrototypeOf(one)) {
    if (one !== Error.prototype && Object.hasOwn(one, 'constructor')) names.push(one.constructor.name);
  }
  return names;
}

/** An error's message, for a message of ours; never the stack, never the cause's data. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
