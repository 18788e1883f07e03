import type { SourceLocation } from './location.js';
import { formatPath } from './path.js';

/** Something wrong with a document, definition or configuration, told before anything runs. Holds no data, only what the author wrote about. */
export interface Problem {
  /** Stable, for programs: `schema`, `expression-syntax`, `reference-missing`, `cycle` … listed in docs/errors.md. */
  readonly code: string;
  /** What is wrong and what to do. */
  readonly message: string;
  /** The definition or resource, as `Kind namespace/name`; absent when the document could not be read at all. */
  readonly subject?: string;
  /** The store it came from. */
  readonly store?: string;
  readonly location?: SourceLocation;
}

/** A problem on one line: `orders.koreo:12:9 ValueFunction shop/price.v1 spec.return.total: message`. */
export function formatProblem(problem: Problem): string {
  const { location, subject, store } = problem;
  const line = location?.line === undefined ? '' : `:${location.line}:${location.column ?? 1}`;
  const place = location?.file === undefined ? store && `store ${store}` : `${location.file}${line}`;
  const path = location === undefined || location.path.length === 0 ? undefined : formatPath(location.path);
  const where = [place, subject, path].filter((part) => part !== undefined && part !== '').join(' ');
  return where === '' ? problem.message : `${where}: ${problem.message}`;
}

/** Compares problems by where they stand, for sorting: file, line, column. What has no place comes first. */
export function byPlace({ location: a }: Problem, { location: b }: Problem): number {
  const [file, other] = [a?.file ?? '', b?.file ?? ''];
  if (file !== other) return file < other ? -1 : 1;
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}

const MOST_PROBLEMS = 100;

/** The first hundred problems of one document, and how many more there are: nobody reads further, and logs stay small. */
export function firstProblems(problems: readonly Problem[]): readonly Problem[] {
  const last = problems[MOST_PROBLEMS];
  if (last === undefined) return problems;
  const message = `there are ${problems.length - MOST_PROBLEMS} more problems, from here on`;
  return [...problems.slice(0, MOST_PROBLEMS), { ...last, code: 'more-problems', message }];
}
