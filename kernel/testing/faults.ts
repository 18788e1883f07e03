import { ConflictError, type StoreError, UnavailableError } from '../contracts/store-errors.js';

/** What goes wrong between processes and a {@link SimulatedServer}, and how often: chances from 0 to 1, times in milliseconds. */
export interface Faults {
  /** A call fails and has done nothing: overload, a conflict, a cut connection. */
  readonly refused: number;
  /** A call takes effect, and its caller is told that nobody knows. */
  readonly unanswered: number;
  /** A call, which may have taken effect, is answered by nothing but the time-out. */
  readonly hanging: number;
  /** A watch is cut off after an event. It heals by itself, and tells what changed meanwhile, summed up. */
  readonly cut: number;
  /** Two changes of one resource that have not been told yet are told as one. */
  readonly coalesced: number;
  /** The longest way of a call to the server, and of its answer back. */
  readonly latencyMs: number;
  /** The longest time by which what watches are told is behind. A watch that begins may begin that far back. */
  readonly lagMs: number;
  /** The longest time for which a watch is cut off. */
  readonly outageMs: number;
}

/** Nothing goes wrong, and everything takes no time. */
export const NO_FAULTS: Faults = {
  refused: 0,
  unanswered: 0,
  hanging: 0,
  cut: 0,
  coalesced: 0,
  latencyMs: 0,
  lagMs: 0,
  outageMs: 0,
};

/** A network and a server on a bad day. */
export const BAD_DAY: Faults = {
  refused: 0.08,
  unanswered: 0.08,
  hanging: 0.03,
  cut: 0.1,
  coalesced: 0.3,
  latencyMs: 400,
  lagMs: 4000,
  outageMs: 20_000,
};

/** After so many milliseconds a call that hangs fails. */
export const CALL_TIMEOUT_MS = 30_000;

/** What becomes of one call. */
export type Fate =
  | { readonly type: 'answered' | 'unanswered' }
  | { readonly type: 'refused'; readonly error: StoreError }
  | { readonly type: 'hanging'; readonly takesEffect: boolean };

/** Draws what becomes of a call. Only writes meet conflicts. */
export function drawFate({ refused, unanswered, hanging }: Faults, random: () => number, isWrite: boolean): Fate {
  const drawn = random();
  if (drawn < refused) return { type: 'refused', error: refusal(random(), isWrite) };
  if (drawn < refused + unanswered) return { type: 'unanswered' };
  if (drawn < refused + unanswered + hanging) return { type: 'hanging', takesEffect: random() < 0.5 };
  return { type: 'answered' };
}

function refusal(drawn: number, isWrite: boolean): StoreError {
  if (drawn < 0.3 && isWrite) return new ConflictError('simulated: the resource has changed meanwhile');
  if (drawn < 0.6) return new UnavailableError('simulated: too many requests', 2);
  return new UnavailableError('simulated: the connection was refused');
}
