import { type Figure, isRate } from '../harness/figure.js';
import { inTimes, rounded, timesOriginal } from '../harness/target.js';

/**
 * Figures as a table, a row for each work and a column for each who did it; where there is one who did it, with the spread.
 * A figure is followed by how many times better than the original's it is.
 */
export function figuresTable(figures: readonly Figure[]): string {
  const doers = [...new Set(figures.map(({ by }) => by))];
  return doers.length === 1 ? listed(figures) : beside(figures, doers);
}

function listed(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [figure.work, amount(figure), spread(figure), times(figure)]);
  return tableOf(['work', 'median', 'spread', 'the original'], rows);
}

function beside(figures: readonly Figure[], doers: readonly string[]): string {
  const works = [...new Set(figures.map(({ work }) => work))];
  const rows = works.map((work) => {
    const cells = doers.map((by) => {
      const figure = figures.find((one) => one.work === work && one.by === by);
      return figure === undefined ? '' : amount(figure);
    });
    const ratio = figures.filter((one) => one.work === work).map(times);
    return [work, ...cells, ratio[0] ?? ''];
  });
  return tableOf(['work', ...doers, 'the original'], rows);
}

function amount({ median, unit }: Figure): string {
  return isRate(unit) || unit === 'count' ? rounded(median) : `${rounded(median)} ${unit}`;
}

/** How far the samples were from the median, in per cent, where they differ. */
function spread({ least, median, most }: Figure): string {
  if (least === most) return '';
  const percent = (value: number): string => `${Math.abs(Math.round((value / median - 1) * 100))}`;
  return `−${percent(least)} +${percent(most)} %`;
}

function times(figure: Figure): string {
  const found = timesOriginal(figure);
  return found === undefined ? '' : inTimes(found);
}

/** A table of Markdown, its first column to the left and the others to the right. */
export function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`;
  const rule = `|${heads.map((_, index) => (index === 0 ? ' --- ' : ' ---: ')).join('|')}|`;
  return [line(heads), rule, ...rows.map(line)].join('\n');
}
