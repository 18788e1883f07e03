import { readFileSync } from 'node:fs';
import { inProject } from './project.js';

interface OriginalFigures {
  readonly about: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** What the original did on a work, by the work's name; undefined for what it was not measured on. */
export function original(work: string): number | undefined {
  return read().figures[work];
}

/** What the original's figures are of. */
export function aboutOriginal(): string {
  return read().about;
}

function read(): OriginalFigures {
  return JSON.parse(readFileSync(inProject('bench/original.json'), 'utf8')) as OriginalFigures;
}
