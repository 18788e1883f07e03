import type { LogLevel } from '../../config/index.js';
import {
  changesOf,
  errorMessage,
  formatRef,
  type Incident,
  type Problem,
  type RunError,
  type RunReport,
} from '../../kernel/index.js';
import { problemRecord } from '../problems.js';
import type { Terminal } from '../terminal.js';
import { isTold, levelOfProblem, levelOfRun } from './log-level.js';
import type { LeadershipState, RunLog, TriggerCount } from './run-log.js';

/** What a line is about; all of it null where it is about no object and no run. */
interface About {
  /** The store and the object: `orders Order shop/one`. */
  readonly key?: string | undefined;
  readonly runId?: string;
}

/** One JSON object a line, each with a `type`; the shapes are in docs/cli.md, and stay. Fields may be added. */
export class JsonLog implements RunLog {
  readonly #terminal: Terminal;
  readonly #least: LogLevel;

  constructor(terminal: Terminal, { level }: { readonly level: LogLevel }) {
    this.#terminal = terminal;
    this.#least = level;
  }

  serving(url: string): void {
    this.#print('info', 'serving', {}, { url });
  }

  leadership(state: LeadershipState, message: string): void {
    this.#print(state === 'ended' ? 'warn' : 'info', 'leadership', {}, { state, message });
  }

  started({ stores }: { readonly stores: number }): void {
    this.#print('info', 'started', {}, { stores });
  }

  run(report: RunReport): void {
    const { id, trigger, store, workflow, causes, startedAt, durationMs, nextRunIn, error } = report;
    const about = { key: `${store} ${formatRef(trigger)}`, runId: id };
    this.#print(levelOfRun(report), 'run', about, {
      startedAt,
      trigger,
      store,
      workflow: workflow ?? null,
      causes,
      outcome: outcomeRecord(report),
      changes: changesOf(report).map(({ action, differences, resource }) => {
        const { apiVersion, kind, name, namespace, store: where } = resource;
        return { action, apiVersion, kind, namespace, name, store: where, differences };
      }),
      durationMs: Math.round(durationMs),
      nextRunIn: nextRunIn === undefined ? null : Math.round(nextRunIn),
      error: error === undefined ? null : errorRecord(error),
    });
  }

  problem(state: 'found' | 'solved', problem: Problem): void {
    const { store, subject } = problem;
    const key = store === undefined || subject === undefined ? undefined : `${store} ${subject}`;
    const record = { state, ...problemRecord(problem), store: store ?? null };
    this.#print(levelOfProblem(state), 'problem', { key }, record);
  }

  incident({ source, error }: Incident): void {
    this.#print('error', 'incident', {}, { source, message: errorMessage(error) });
  }

  stopping(): void {
    this.#print('info', 'stopping', {}, {});
  }

  finished(count: TriggerCount): void {
    this.#print('info', 'finished', {}, { ...count });
  }

  #print(level: LogLevel, type: string, { key, runId }: About, record: object): void {
    if (!isTold(level, this.#least)) return;
    const time = new Date().toISOString();
    this.#terminal.print(JSON.stringify({ type, time, level, key: key ?? null, runId: runId ?? null, ...record }));
  }
}

/** The stack tells where a defect is; errors with a code of their own tell what to do. */
function errorRecord({ code, message, stack }: RunError): object {
  return { code, message, ...(code === 'unexpected' && stack !== undefined ? { stack } : {}) };
}

/** Without the value: it is in the trigger's state, as far as its author wants it seen. */
function outcomeRecord({ outcome }: RunReport): object {
  if (outcome.type === 'Ok') return { type: outcome.type };
  const { type, message, location } = outcome;
  return outcome.type === 'Retry' ? { type, message, location, delay: outcome.delay } : { type, message, location };
}
