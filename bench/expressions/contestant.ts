import type { Json, MaybePromise } from 'koreo-kernel';
import type { Line } from './line.js';

/** Someone who can do the work of a line, prepared once and then run often. */
export interface Contestant {
  readonly name: string;
  /** What it is to prepare the line, each time from the source; absent where there is nothing to prepare. */
  prepare?(line: Line): unknown;
  /** Gives what evaluates the line. What it gives may be in a form of its own, which {@link plain} makes JSON of. */
  evaluator(line: Line): () => MaybePromise<unknown>;
  plain(value: unknown): Json;
}
