import { join, relative, resolve } from 'node:path';
import type { ConfiguredStore } from '../config/index.js';
import { formatPath, formatProblem, type Problem } from '../kernel/index.js';
import type { Style } from './terminal.js';

/** A problem as programs read it, in every JSON output. What is not known is null. */
export interface ProblemRecord {
  /** Relative to the current folder. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** As `Kind namespace/name`. */
  readonly definition: string | null;
  /** What is wrong and what to do, after the path of the field that it is about. */
  readonly message: string;
}

/** A problem for programs. */
export function problemRecord({ location, subject, message }: Problem): ProblemRecord {
  const path = location === undefined ? '' : formatPath(location.path);
  return {
    file: location?.file ?? null,
    line: location?.line ?? null,
    column: location?.column ?? null,
    definition: subject ?? null,
    message: path === '' ? message : `${path}: ${message}`,
  };
}

/** A problem for a person, on one line that editors can jump from: `orders.koreo:12:9 ValueFunction …: message`. */
export function problemLine(problem: Problem, style: Style, label = style('red', 'problem:')): string {
  const text = formatProblem(problem);
  const place = /^\S+:\d+:\d+/.exec(text)?.[0] ?? '';
  return `${label} ${style('bold', place)}${text.slice(place.length)}`;
}

/**
 * The problem with its file as seen from the current folder: stores tell files relative to their own root.
 * @param stores the configured ones; `root` and `file` are options of stores that lie on a disk
 */
export function fromHere(problem: Problem, { stores, baseDirectory, cwd }: StorePlaces): Problem {
  const { location } = problem;
  const root = stores.find(({ name }) => name === problem.store)?.options.root;
  if (location?.file === undefined || typeof root !== 'string') return problem;
  return {
    ...problem,
    location: { ...location, file: relative(cwd, resolve(baseDirectory, join(root, location.file))) },
  };
}

/** Where the configured stores lie. */
export interface StorePlaces {
  readonly stores: readonly ConfiguredStore[];
  readonly baseDirectory: string;
  readonly cwd: string;
}
