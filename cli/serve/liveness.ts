import type { DefinitionEntry, DefinitionLookup, QueueStats } from '../../kernel/index.js';
import { type Check, check, duration } from './check.js';

/** What is asked to tell a process that works from one that hangs. Times are in milliseconds. */
export interface LivenessFacts {
  /** Absent where no kernel runs. */
  readonly queue?: QueueStats;
  /** How long nothing may move while triggers are in line. */
  readonly stalledAfterMs: number;
  /** The longest that a run may rightly take. */
  readonly longestRunMs: number;
}

/** Whether the process lives. That it answers at all shows that its event loop turns. */
export function liveness({ queue, stalledAfterMs, longestRunMs }: LivenessFacts): readonly Check[] {
  const limit = Math.max(stalledAfterMs, longestRunMs);
  return [check('event-loop', undefined), check('queue', queue && stalled(queue, limit))];
}

/** A run that begins or ends is movement; one that goes on for longer than any may is none. */
function stalled(
  { waiting, running, oldestWaitingMs = 0, sinceProgressMs = oldestWaitingMs }: QueueStats,
  limit: number,
): string | undefined {
  const still = Math.min(oldestWaitingMs, sinceProgressMs);
  if (still <= limit) return undefined;
  const who = `${waiting} ${waiting === 1 ? 'trigger is' : 'triggers are'} in line, ${running} in work`;
  return `${who}, and no run has begun or ended for ${duration(still)} (the limit is ${duration(limit)})`;
}

/** Beside the time limits of steps: reading and writing the trigger. */
const AROUND_STEPS_MS = 60_000;

/** The longest that a run of any Workflow may take: when none of its steps go on at the same time. In milliseconds. */
export function longestRunMs(definitions: DefinitionLookup, stepTimeoutSeconds: number): number {
  const times = [...definitions.entries()].map((entry) => runSeconds(entry, stepTimeoutSeconds) * 1000);
  return times.reduce((longest, one) => Math.max(longest, one), 0) + AROUND_STEPS_MS;
}

function runSeconds(entry: DefinitionEntry, stepTimeoutSeconds: number): number {
  if (entry.status !== 'ready' || entry.definition.kind !== 'Workflow') return 0;
  const limits = entry.definition.steps.map(({ timeoutSeconds = stepTimeoutSeconds }) => timeoutSeconds);
  return limits.reduce((sum, one) => sum + one, 0);
}
