import type { Figure } from './figure.js';
import type { Meter } from './meter.js';
import type { Target } from './target.js';

/** Work of one kind, measured together in a process of its own. */
export interface Group {
  /** As the command line and the file of its results have it. */
  readonly name: string;
  readonly title: string;
  /** What its figures are held against. */
  readonly targets: readonly Target[];
  /** Why it cannot be measured here; undefined when it can. Absent: it can be anywhere. */
  unavailable?(): string | undefined;
  /** Measures all of it. With the effort `smoke` the work is made as small as it can be, and still checked. */
  measure(meter: Meter): Promise<readonly Figure[]>;
}
