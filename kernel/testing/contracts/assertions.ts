import assert from 'node:assert/strict';

/** An error of this class. */
export interface ExpectedError {
  readonly instanceOf: abstract new (...args: never[]) => Error;
}

/** What the tests of a contract need of a test runner. AVA's `t` is one; for others there are {@link nodeAssertions}. */
export interface Assertions {
  is(actual: unknown, expected: unknown, message?: string): unknown;
  not(actual: unknown, expected: unknown, message?: string): unknown;
  true(actual: unknown, message?: string): unknown;
  false(actual: unknown, message?: string): unknown;
  truthy(actual: unknown, message?: string): unknown;
  deepEqual(actual: unknown, expected: unknown, message?: string): unknown;
  notDeepEqual(actual: unknown, expected: unknown, message?: string): unknown;
  /** The actual value has all that the pattern has. */
  like(actual: unknown, pattern: object, message?: string): unknown;
  regex(actual: string, pattern: RegExp, message?: string): unknown;
  notThrowsAsync(promise: PromiseLike<unknown>, message?: string): Promise<unknown>;
  /** Resolves with what was thrown. */
  throwsAsync(promise: PromiseLike<unknown>, expected?: ExpectedError, message?: string): Promise<unknown>;
}

/** Assertions that throw, as `node:assert` does: for `node:test`, and every runner that takes a thrown error for a failure. */
export const nodeAssertions: Assertions = {
  is: (actual, expected, message) => assert.equal(actual, expected, message),
  not: (actual, expected, message) => assert.notEqual(actual, expected, message),
  true: (actual, message) => assert.equal(actual, true, message),
  false: (actual, message) => assert.equal(actual, false, message),
  truthy: (actual, message) => assert.ok(actual, message),
  deepEqual: (actual, expected, message) => assert.deepEqual(actual, expected, message),
  notDeepEqual: (actual, expected, message) => assert.notDeepEqual(actual, expected, message),
  like: (actual, pattern, message) => assert.deepEqual(partOf(actual, pattern), pattern, message),
  regex: (actual, pattern, message) => assert.match(actual, pattern, message),
  notThrowsAsync: async (promise, message) => assert.doesNotReject(Promise.resolve(promise), message),
  throwsAsync: async (promise, expected, message) => {
    const result = await Promise.resolve(promise).then(
      () => ({ type: 'resolved' }) as const,
      (error: unknown) => ({ type: 'rejected', error }) as const,
    );
    if (result.type === 'resolved') assert.fail(message ?? 'resolved, where it was expected to reject');
    const { error } = result;
    if (expected !== undefined && !(error instanceof expected.instanceOf)) {
      assert.fail(message ?? `expected ${expected.instanceOf.name}, not ${String(error)}`);
    }
    return error;
  },
};

/** Of the value, what the pattern speaks of. */
function partOf(actual: unknown, pattern: unknown): unknown {
  if (!isOpen(actual) || !isOpen(pattern)) return actual;
  const keys = Object.keys(pattern).filter((key) => Object.hasOwn(actual, key));
  return Object.fromEntries(keys.map((key) => [key, partOf(actual[key], pattern[key])]));
}

function isOpen(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
