import type { Incident, Problem, RunReport } from '../../kernel/index.js';

/** What there is to do at the end of a run that was to end by itself. */
export interface TriggerCount {
  readonly triggers: number;
  /** How many of them are Ready or skipped. */
  readonly ready: number;
  /** How many have gone, with all that they managed. */
  readonly deleted: number;
}

/** Whether a run was the last of its trigger, which was to go: all that it managed has been let go of. */
export function isDeletion({ outcome, workflow, nextRunIn }: RunReport): boolean {
  return outcome.type === 'Ok' && workflow === undefined && nextRunIn === undefined;
}

/** Where a process stands that shares its work with others. */
export type LeadershipState = 'standing-by' | 'leading' | 'ended';

/** Tells a person or a program what a kernel does. */
export interface RunLog {
  /** Probes and metrics are answered at this address from now on. */
  serving(url: string): void;
  /** Told only where processes agree on the one that acts; `message` says what is held, or waited for, or why it is over. */
  leadership(state: LeadershipState, message: string): void;
  started(watching: { readonly stores: number; readonly once: boolean }): void;
  run(report: RunReport): void;
  problem(state: 'found' | 'solved', problem: Problem): void;
  incident(incident: Incident): void;
  stopping(): void;
  /** With `--once` only. */
  finished(count: TriggerCount): void;
}
