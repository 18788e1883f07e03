import type { LogLevel } from '../../config/index.js';
import {
  type Change,
  changesOf,
  errorMessage,
  formatRef,
  type Incident,
  nameResources,
  type Outcome,
  type Problem,
  type RunReport,
} from '../../kernel/index.js';
import { problemLine } from '../problems.js';
import type { Format, Terminal } from '../terminal.js';
import { isTold, levelOfProblem, levelOfRun } from './log-level.js';
import type { LeadershipState, RunLog, TriggerCount } from './run-log.js';

const SIGNS: Readonly<Record<Outcome['type'], readonly [Format, string]>> = {
  Ok: ['green', '✔'],
  Skip: ['dim', '-'],
  DepSkip: ['yellow', '-'],
  Retry: ['yellow', '…'],
  PermFail: ['red', '✘'],
};

const LEADERSHIP: Readonly<Record<LeadershipState, readonly [Format, string]>> = {
  'standing-by': ['dim', 'stands by'],
  leading: ['green', 'leads'],
  ended: ['yellow', 'leads no more'],
};

/** Lines for a person who looks on: time, trigger, outcome, changes, duration. */
export class TextLog implements RunLog {
  readonly #terminal: Terminal;
  readonly #least: LogLevel;

  constructor(terminal: Terminal, { level }: { readonly level: LogLevel }) {
    this.#terminal = terminal;
    this.#least = level;
  }

  serving(url: string): void {
    this.#line('info', `serves ${url}/livez, /readyz and /metrics`);
  }

  leadership(state: LeadershipState, message: string): void {
    const [format, label] = LEADERSHIP[state];
    this.#line(state === 'ended' ? 'warn' : 'info', `${this.#terminal.style(format, `${label}:`)} ${message}`);
  }

  started({ stores, once }: { readonly stores: number; readonly once: boolean }): void {
    if (once || !this.#terminal.showsProgress) return;
    const what = stores === 1 ? '1 store' : `${stores} stores`;
    this.#terminal.note(this.#terminal.noteStyle('dim', `watching ${what}; Ctrl+C ends it`));
  }

  run(report: RunReport): void {
    const { outcome, trigger, durationMs, error } = report;
    const { style } = this.#terminal;
    const [format, sign] = SIGNS[outcome.type];
    const parts = [
      `${style(format, sign)} ${style('bold', formatRef(trigger))}`,
      style(format, outcomeText(report)),
      changesText(changesOf(report)),
      error === undefined ? '' : style('red', `${error.code}: ${error.message}`),
      style('dim', `(${Math.round(durationMs)} ms)`),
    ];
    this.#line(levelOfRun(report), parts.filter((part) => part !== '').join('  '));
  }

  problem(state: 'found' | 'solved', problem: Problem): void {
    const { style } = this.#terminal;
    const label = state === 'found' ? undefined : style('green', 'solved:');
    this.#line(levelOfProblem(state), problemLine(problem, style, label));
  }

  incident({ source, error }: Incident): void {
    this.#line('error', `${this.#terminal.style('red', `${source}:`)} ${errorMessage(error)}`);
  }

  stopping(): void {
    const text = 'stopping: waits for runs to end; once more ends it at once';
    if (this.#terminal.showsProgress) this.#terminal.note(this.#terminal.noteStyle('dim', text));
  }

  finished({ triggers, ready, deleted }: TriggerCount): void {
    const { style } = this.#terminal;
    const gone = deleted === 0 ? '' : `${deleted} deleted`;
    const all = triggers === 1 ? '1 trigger' : `${triggers} triggers`;
    const state = ready === triggers ? style('green', 'all ready') : style('yellow', `${triggers - ready} not ready`);
    if (triggers > 0) this.#terminal.print([all, state, gone].filter((part) => part !== '').join(', '));
    else if (deleted > 0) this.#terminal.print(`no trigger left, ${gone}`);
    else this.#terminal.print('no triggers: nothing that could be read is of a kind that a Workflow names');
  }

  #line(level: LogLevel, text: string): void {
    if (!isTold(level, this.#least)) return;
    const time = new Date().toTimeString().slice(0, 8);
    this.#terminal.print(`${this.#terminal.style('dim', time)} ${text}`);
  }
}

function outcomeText({ outcome, workflow }: RunReport): string {
  switch (outcome.type) {
    case 'Ok':
      // Without a Workflow nothing ran: the trigger was deleted, and all that it managed is let go of.
      return workflow === undefined ? 'Deleted' : 'Ready';
    case 'Skip':
      return `Skipped: ${outcome.message}`;
    case 'DepSkip':
      return `Waits for a dependency: ${outcome.message}`;
    case 'Retry':
      return `Retry in ${outcome.delay} s: ${outcome.message}`;
    case 'PermFail':
      return `Failed: ${outcome.message}`;
  }
}

/** `created Shipment 1001, Invoice 7; patched Stock all`, in the order in which it was done. */
function changesText(changes: readonly Change[]): string {
  const actions = [...new Set(changes.map(({ action }) => action))];
  return actions
    .map((action) => `${action} ${nameResources(changes.filter((change) => change.action === action))}`)
    .join('; ');
}
