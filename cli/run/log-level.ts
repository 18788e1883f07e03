import type { LogLevel } from '../../config/index.js';
import type { RunReport } from '../../kernel/index.js';

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Whether what is of a level is told where `least` is asked for. */
export function isTold(level: LogLevel, least: LogLevel): boolean {
  return RANK[level] >= RANK[least];
}

/** Causes after which somebody waits for an answer, whatever it is: they asked for it, edited or deleted the trigger, or it is the first look. */
const AWAITED: ReadonlySet<string> = new Set(['added', 'start', 'changed', 'deleted', 'requested']);

/** How much a run matters to those who read logs: one that left everything as it was does not, unless someone waits for it. */
export function levelOfRun({ causes, changed, error, outcome }: RunReport): LogLevel {
  if (error !== undefined) return 'error';
  if (!changed && !causes.some((cause) => AWAITED.has(cause))) return 'debug';
  return outcome.type === 'PermFail' ? 'warn' : 'info';
}

/** A problem that is solved is good to know; one that is there asks for somebody. */
export function levelOfProblem(state: 'found' | 'solved'): LogLevel {
  return state === 'found' ? 'warn' : 'info';
}
