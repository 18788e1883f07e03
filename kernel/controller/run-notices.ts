import type { RunReport } from '../contracts/run-report.js';
import type { Notice } from '../contracts/store.js';
import type { Condition } from '../model/condition.js';
import { type Change, changesOf, nameResources } from './run-changes.js';
import { tellsOfStrain } from './strain-conditions.js';

/** What was known of a trigger before a run. */
export interface Before {
  readonly ready?: Condition | undefined;
  /** The code of the error that the last run had. */
  readonly errorCode?: string | undefined;
  /** What it was known to suffer from. */
  readonly strains?: readonly Condition[];
}

/**
 * What a person should be told of a run: what it did, and that the trigger stands otherwise than before. Nothing when it
 * changed nothing. Names and paths, never values.
 */
export function noticesOf(report: RunReport, before: Before): readonly Notice[] {
  const ready = readyOf(report.conditions);
  return [
    ...changeNotices(changesOf(report)),
    ...(ready === undefined ? [] : readyNotices(ready, before.ready)),
    ...strainNotices(strainsOf(report.conditions), before.strains ?? []),
    ...unwrittenNotices(report, ready, before),
  ];
}

/** The condition that tells how the whole is. */
export function readyOf(conditions: readonly Condition[]): Condition | undefined {
  return conditions.find(({ type }) => type === 'Ready');
}

const REASONS = { created: 'Created', patched: 'Patched', recreated: 'Recreated', deleted: 'Deleted' } as const;

/** One for each thing that was done, however many resources it was done to. */
function changeNotices(changes: readonly Change[]): readonly Notice[] {
  return Object.entries(REASONS).flatMap(([action, reason]) => {
    const mine = changes.filter((change) => change.action === action);
    if (mine.length === 0) return [];
    return [normal(reason, `${reason} ${nameResources(mine)}${paths(mine)}.`)];
  });
}

/** So many paths are named; the others are counted. */
const PATHS = 5;

function paths(changes: readonly Change[]): string {
  const all = [...new Set(changes.flatMap(({ differences }) => differences))];
  if (all.length === 0) return '';
  const others = all.length > PATHS ? ` and ${all.length - PATHS} more` : '';
  return `, for what differed: ${all.slice(0, PATHS).join(', ')}${others}`;
}

/** A wait is told when it begins, whatever it comes to wait for; a failure also when it becomes another. */
function readyNotices({ status, reason, message }: Condition, before: Condition | undefined): readonly Notice[] {
  const failed = status === 'False' || reason === 'UnexpectedError';
  if (before?.reason === reason && (!failed || before.message === message)) return [];
  return [failed ? warning(reason, message) : normal(reason, message)];
}

/** The conditions that tell of something that works against the trigger. */
export function strainsOf(conditions: readonly Condition[]): readonly Condition[] {
  return conditions.filter((condition) => condition.status === 'True' && tellsOfStrain(condition));
}

/** A strain is told when it begins; that it is over is seen from its condition. */
function strainNotices(strains: readonly Condition[], before: readonly Condition[]): readonly Notice[] {
  const known = new Set(before.map(({ type }) => type));
  return strains.flatMap(({ type, message }) => (known.has(type) ? [] : [warning(type, message)]));
}

/** That the trigger shows something else than the truth. The log has the error, whose message nobody knows. */
function unwrittenNotices(
  { error }: RunReport,
  ready: Condition | undefined,
  { errorCode }: Before,
): readonly Notice[] {
  if (error === undefined || error.code === errorCode || ready?.reason === 'UnexpectedError') return [];
  const message = `The status could not be written (${error.code}); it will be tried again. The log has the error.`;
  return [warning('StatusNotWritten', message)];
}

function normal(reason: string, message: string): Notice {
  return { type: 'Normal', reason, action: 'Reconcile', message };
}

function warning(reason: string, message: string): Notice {
  return { type: 'Warning', reason, action: 'Reconcile', message };
}
