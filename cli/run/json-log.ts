import { changesOf, errorMessage, type Incident, type Problem, type RunReport } from '../../kernel/index.js';
import { problemRecord } from '../problems.js';
import type { Terminal } from '../terminal.js';
import type { LeadershipState, RunLog, TriggerCount } from './run-log.js';

/** One JSON object a line, each with a `type`; the shapes are in docs/cli.md, and stay. Fields may be added. */
export class JsonLog implements RunLog {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  serving(url: string): void {
    this.#print('serving', { url });
  }

  leadership(state: LeadershipState, message: string): void {
    this.#print('leadership', { state, message });
  }

  started(): void {}

  run(report: RunReport): void {
    const { trigger, store, workflow, causes, startedAt, durationMs, nextRunIn, error } = report;
    this.#print('run', {
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
      error: error === undefined ? null : { code: error.code, message: error.message },
    });
  }

  problem(state: 'found' | 'solved', problem: Problem): void {
    this.#print('problem', { state, ...problemRecord(problem), store: problem.store ?? null });
  }

  incident({ source, error }: Incident): void {
    this.#print('incident', { source, message: errorMessage(error) });
  }

  stopping(): void {}

  finished(count: TriggerCount): void {
    this.#print('finished', { ...count });
  }

  #print(type: string, record: object): void {
    this.#terminal.print(JSON.stringify({ type, ...record }));
  }
}

/** Without the value: it is in the trigger's state, as far as its author wants it seen. */
function outcomeRecord({ outcome }: RunReport): object {
  if (outcome.type === 'Ok') return { type: outcome.type };
  const { type, message, location } = outcome;
  return outcome.type === 'Retry' ? { type, message, location, delay: outcome.delay } : { type, message, location };
}
