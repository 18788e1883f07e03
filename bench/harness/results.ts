import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Effort } from './effort.js';
import type { Figure } from './figure.js';
import { type Machine, thisMachine } from './machine.js';
import { inProject } from './project.js';

/** What one group gave when it was measured last. */
export interface Results {
  readonly group: string;
  /** The day, in UTC. */
  readonly date: string;
  readonly effort: Effort['name'];
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

/** The results of a group that was measured now, on this machine. */
export function resultsOf(group: string, effort: Effort, figures: readonly Figure[]): Results {
  const date = new Date().toISOString().slice(0, 10);
  return { group, date, effort: effort.name, machine: thisMachine(), figures: figures.map(shortened) };
}

/** Keeps results, in the place of those that the group had. */
export function writeResults(results: Results): void {
  const file = fileOf(results.group);
  mkdirSync(dirname(file), { recursive: true });
  // A figure to a line, so that a diff shows which ones moved.
  const { figures, ...head } = results;
  const lines = figures.map((figure) => `    ${JSON.stringify(figure)}`).join(',\n');
  const text = JSON.stringify(head, undefined, 2).replace(/\n\}$/, '');
  writeFileSync(file, `${text},\n  "figures": [\n${lines}\n  ]\n}\n`);
}

/** The results of a group that are kept; undefined when it was never measured. */
export function readResults(group: string): Results | undefined {
  const file = fileOf(group);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : undefined;
}

function fileOf(group: string): string {
  return inProject(`bench/results/${group}.json`);
}

/** To five figures, which is more than any of them is worth. */
function shortened(figure: Figure): Figure {
  const short = (value: number): number => Number(value.toPrecision(5));
  return { ...figure, median: short(figure.median), least: short(figure.least), most: short(figure.most) };
}
