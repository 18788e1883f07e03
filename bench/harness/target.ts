import { type Figure, isRate } from './figure.js';
import { original } from './original.js';

/** What one thing that was measured should be. Targets are told in the documentation, met or not; nothing fails by them. */
export interface Target {
  /** The work, as the documentation's table names it. */
  readonly work: string;
  /** What it should be, in words: `at least 100×`. */
  readonly goal: string;
  /** What it is; undefined where it was not measured. */
  measured(figures: readonly Figure[]): Measured | undefined;
}

/** What was measured, in words, and whether that is enough. */
export interface Measured {
  readonly text: string;
  readonly met: boolean;
}

/** The figure of a work; undefined where it was not measured. */
export function findFigure(figures: readonly Figure[], work: string, by = 'koreo'): Figure | undefined {
  return figures.find((figure) => figure.work === work && figure.by === by);
}

/** How many times better than the original a figure is; undefined where one of them was not measured. */
export function timesOriginal({ median, unit, work }: Figure): number | undefined {
  const before = original(work);
  if (before === undefined) return undefined;
  return isRate(unit) ? median / before : before / median;
}

/** Works that should each be so many times better than the original's. */
export function atLeastTimes(times: number, work: string, measured: readonly string[] = [work]): Target {
  return {
    work,
    goal: `at least ${times}×${measured.length > 1 ? ' each' : ''}`,
    measured: (figures) => {
      const ratios = measured.map((one) => ratio(figures, one));
      if (!ratios.every((one) => one !== undefined)) return undefined;
      return { text: ratios.map(inTimes).join('; '), met: ratios.every((one) => one >= times) };
    },
  };
}

/** A work whose figure should be below a limit, in its own unit. */
export function under(limit: number, work: string, measured: string = work): Target {
  return {
    work,
    goal: `under ${limit}`,
    measured: (figures) => {
      const figure = findFigure(figures, measured);
      if (figure === undefined) return undefined;
      return { text: `${rounded(figure.median)} ${figure.unit}`, met: figure.median < limit };
    },
  };
}

function ratio(figures: readonly Figure[], work: string): number | undefined {
  const figure = findFigure(figures, work);
  return figure && timesOriginal(figure);
}

/** `241×`, to three figures. */
export function inTimes(times: number): string {
  return `${rounded(times)}×`;
}

/** To three figures, with all digits before the point. */
export function rounded(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return Number(value.toFixed(digits)).toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** The geometric mean: what ratios are averaged with. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
