import { relative, resolve } from 'node:path';
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

/** The problem with its file as seen from the current folder: stores tell files relative to their configuration's. */
export function fromHere(problem: Problem, folders: Folders): Problem {
  const { location } = problem;
  if (location?.file === undefined) return problem;
  return { ...problem, location: { ...location, file: pathFromHere(location.file, folders) } };
}

/** A path that is relative to the configuration, as seen from the current folder. */
export function pathFromHere(path: string, { baseDirectory, cwd }: Folders): string {
  return relative(cwd, resolve(baseDirectory, path));
}

/** What paths of files are relative to. */
export interface Folders {
  readonly baseDirectory: string;
  readonly cwd: string;
}
