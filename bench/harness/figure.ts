/**
 * What figures are counted in. Rates are operations per second of CPU time (user and system, of the whole process), so that
 * a busy machine changes them little; times are CPU time too, unless the figure's name says otherwise.
 */
export type Unit = '/ CPU s' | 'ms' | 'µs' | 'KiB' | 'MiB' | '×' | 'count';

/** One piece of work that was measured. Several with the same `work` stand beside each other. */
export interface Figure {
  /** What was done, by the name that `original.json` and targets know it by: `eval map-10`. */
  readonly work: string;
  /** Who did it: this project's part, or what it is compared with. */
  readonly by: string;
  readonly unit: Unit;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** How many samples the median is of; one is a figure that cannot vary, or was not repeated. */
  readonly samples: number;
}

/** What a figure is about. */
export type FigureSubject = Pick<Figure, 'work' | 'by' | 'unit'>;

/** A figure from its samples, of which there must be one. Half of the spread below the median says nothing of the other half, so both ends are kept. */
export function figureOf(subject: FigureSubject, samples: readonly number[]): Figure {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  const median = (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2;
  return { ...subject, median, least: at(0), most: at(sorted.length - 1), samples: sorted.length };
}

/** Whether more is better. */
export function isRate(unit: Unit): boolean {
  return unit === '/ CPU s';
}
