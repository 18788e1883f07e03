import type { Difference } from '../contracts/run-report.js';
import type { Expectation } from '../language/definition.js';
import type { JsonObject } from '../model/json.js';
import { isOk, type Outcome } from '../model/outcome.js';
import { formatPath } from '../model/path.js';
import { compareExactly } from '../resources/compare.js';
import { withoutLastApplied } from '../resources/last-applied.js';
import { dropNulls } from '../resources/nulls.js';
import type { CaseDifference } from './function-test-result.js';
import type { Sent } from './simulated-handler.js';

/** What a Function came to and did in one case. */
export interface Observed {
  readonly outcome: Outcome;
  readonly sent: readonly Sent[];
  /** The resource that was there before. */
  readonly given: JsonObject | undefined;
}

/** Why a case does not meet its expectation. */
export interface Complaint {
  readonly message: string;
  readonly differences: readonly CaseDifference[];
}

/** Holds what was observed against what is expected; undefined when it is met. */
export function checkExpectation(expectation: Expectation, observed: Observed): Complaint | undefined {
  switch (expectation.type) {
    case 'resource':
      return checkResource(expectation.resource, observed);
    case 'return':
      return checkReturn(expectation.value, observed);
    case 'outcome':
      return checkOutcome(expectation, observed.outcome);
    case 'delete':
      return checkDelete(expectation.deleted, observed);
  }
}

function checkResource(expected: JsonObject, { outcome, sent, given }: Observed): Complaint | undefined {
  const write = sent.findLast((one) => one.type !== 'delete');
  if (write === undefined)
    return complaint(`the resource was to be created or patched, but ${whatHappened(outcome, sent)}`);
  const carried = write.type === 'patch' ? given : {};
  const result = { ...carried, ...withoutLastApplied(write.target) };
  return differ(
    'the resource is not as expected',
    compareExactly(dropNulls(withoutLastApplied(expected)), dropNulls(result)),
  );
}

function checkReturn(expected: JsonObject, { outcome, sent }: Observed): Complaint | undefined {
  if (!isOk(outcome) || sent.length > 0) {
    return complaint(`a return value was expected, but ${whatHappened(outcome, sent)}`);
  }
  return differ('the return value is not as expected', compareExactly(expected, outcome.value));
}

function checkOutcome(expected: Extract<Expectation, { type: 'outcome' }>, outcome: Outcome): Complaint | undefined {
  if (outcome.type !== expected.outcome) {
    return complaint(`the outcome was to be ${expected.outcome}, but it is ${describe(outcome)}`, [
      { path: 'type', expected: expected.outcome, actual: outcome.type },
    ]);
  }
  if (isOk(outcome)) return undefined;
  const differences: CaseDifference[] = [];
  if (!outcome.message.toLowerCase().includes(expected.message.toLowerCase())) {
    differences.push({ path: 'message', expected: expected.message, actual: outcome.message });
  }
  if (outcome.type === 'Retry' && expected.delay !== 0 && expected.delay !== outcome.delay) {
    differences.push({ path: 'delay', expected: expected.delay, actual: outcome.delay });
  }
  return differences.length === 0 ? undefined : complaint('the outcome is not as expected', differences);
}

function checkDelete(expected: boolean, { outcome, sent }: Observed): Complaint | undefined {
  const deleted = sent.some(({ type }) => type === 'delete');
  if (deleted === expected) return undefined;
  const wish = expected ? 'was to be deleted' : 'was not to be deleted';
  return complaint(`the resource ${wish}, but ${whatHappened(outcome, sent)}`);
}

function whatHappened(outcome: Outcome, sent: readonly Sent[]): string {
  const last = sent.at(-1);
  const done = last === undefined ? 'nothing was changed' : `it was ${PAST[last.type]}`;
  return `${done}, and the outcome is ${describe(outcome)}`;
}

const PAST: Readonly<Record<Sent['type'], string>> = { create: 'created', patch: 'patched', delete: 'deleted' };

function describe(outcome: Outcome): string {
  return isOk(outcome) ? 'Ok' : `${outcome.type}: ${outcome.message}`;
}

function differ(message: string, differences: readonly Difference[]): Complaint | undefined {
  return differences.length === 0 ? undefined : complaint(message, differences.map(asCaseDifference));
}

function complaint(message: string, differences: readonly CaseDifference[] = []): Complaint {
  return { message, differences };
}

function asCaseDifference({ path, target, actual }: Difference): CaseDifference {
  return {
    path: formatPath(path),
    ...(target === undefined ? {} : { expected: target }),
    ...(actual === undefined ? {} : { actual }),
  };
}
