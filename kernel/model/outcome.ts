import type { Json } from './json.js';

/** Why a run of Logic stopped short. `message` never holds values from scope; `location` says where it was decided. */
interface Reason {
  readonly message: string;
  readonly location: string;
}

/** The Logic did what it should, and gives a value. */
export interface Ok<T = Json> {
  readonly type: 'Ok';
  readonly value: T;
  readonly location?: string;
}
/** Something that the Logic depends on is not there; nothing was tried. */
export interface DepSkip extends Reason {
  readonly type: 'DepSkip';
}
/** The author asked for nothing to be done. */
export interface Skip extends Reason {
  readonly type: 'Skip';
}
/** Not yet: to be tried again after `delay` seconds. */
export interface Retry extends Reason {
  readonly type: 'Retry';
  readonly delay: number;
}
/** It cannot succeed until something is changed. */
export interface PermFail extends Reason {
  readonly type: 'PermFail';
}

/** What running Logic gives. */
export type Outcome<T = Json> = Ok<T> | NotOk;
/** Every outcome but Ok. */
export type NotOk = DepSkip | Skip | Retry | PermFail;
/** The name of an outcome's type. */
export type OutcomeType = Outcome['type'];

export const ok = <T>(value: T): Ok<T> => ({ type: 'Ok', value });
export const depSkip = (message: string, location: string): DepSkip => ({ type: 'DepSkip', message, location });
export const skip = (message: string, location: string): Skip => ({ type: 'Skip', message, location });
/** @param delay seconds until the next try */
export const retry = (delay: number, message: string, location: string): Retry => ({
  type: 'Retry',
  delay,
  message,
  location,
});
export const permFail = (message: string, location: string): PermFail => ({ type: 'PermFail', message, location });

export const isOk = <T>(outcome: Outcome<T>): outcome is Ok<T> => outcome.type === 'Ok';

const PRIORITY: Readonly<Record<OutcomeType, number>> = { DepSkip: 0, Skip: 1, Ok: 2, Retry: 3, PermFail: 4 };

/**
 * Combines outcomes: the highest of DepSkip < Skip < Ok < Retry < PermFail wins. Several Ok give the list of their
 * values; several of another type join messages and locations with `", "`, and the longest delay counts. Nothing to
 * combine gives Skip.
 */
export function combine<T>(outcomes: readonly Outcome<T>[]): Outcome<readonly T[]> {
  let highest: OutcomeType | undefined;
  for (const { type } of outcomes) {
    if (highest === undefined || PRIORITY[type] > PRIORITY[highest]) highest = type;
  }
  if (highest === undefined) return skip('Nothing to do', '');
  if (highest === 'Ok') return ok(outcomes.flatMap((outcome) => (isOk(outcome) ? [outcome.value] : [])));
  const winners = outcomes.filter((outcome): outcome is NotOk => outcome.type === highest);
  const message = join(winners.map((winner) => winner.message));
  const location = join(winners.map((winner) => winner.location));
  if (highest !== 'Retry') return { type: highest, message, location };
  return retry(Math.max(...winners.map((winner) => (winner.type === 'Retry' ? winner.delay : 0))), message, location);
}

function join(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(', ');
}
