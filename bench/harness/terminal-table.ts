import type { Figure } from './figure.js';
import { inTimes, rounded, timesOriginal } from './target.js';

const COLUMNS = [-40, -21, 12, 8, 14, 12] as const;

/** The head of the table that {@link row} gives the rows of. */
export function head(): string {
  return line(['work', 'by', 'median', '', 'spread', 'original']);
}

/** A figure as a row: its median, how far the samples were from it, and how many times better than the original's it is. */
export function row(figure: Figure): string {
  const { by, least, median, most, unit, work } = figure;
  const percent = (value: number): string => `${Math.round((value / median - 1) * 100)}`;
  const spread = least === most ? '' : `${percent(least)} +${percent(most)} %`;
  const times = timesOriginal(figure);
  return line([work, by, rounded(median), unit, spread, times === undefined ? '' : inTimes(times)]);
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) => {
      const width = COLUMNS[index] ?? 0;
      return width < 0 ? cell.padEnd(-width) : cell.padStart(width);
    })
    .join(' ')
    .trimEnd();
}
