/**
 * A failed evaluation on its way to where it is caught: by `||`, `&&` and some macros, or by the program, which makes an
 * error of it. It is no Error, as these cost a stack trace each, and a loop may throw and catch a million.
 */
export class Fault {
  constructor(
    readonly message: string,
    /** Where in the source; the innermost place that knows fills it in. */
    readonly at?: number,
  ) {}
}

/** A fault for operands of types that an operator or function does not take. */
export function noOverload(what: string, at?: number): Fault {
  return new Fault(`no such overload: ${what}`, at);
}
