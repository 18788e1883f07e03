import { Counter, Histogram, type Registry } from 'prom-client';
import { changesOf, groupOf, type RunReport } from '../../../kernel/index.js';

/** From a run that only looks to one that waits for several slow calls, in seconds. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Counts runs and what they did. */
export class RunMetrics {
  readonly #runs: Counter<'workflow' | 'outcome'>;
  readonly #durations: Histogram<'workflow'>;
  readonly #errors: Counter<'code'>;
  readonly #retries: Counter<'workflow' | 'reason'>;
  readonly #changes: Counter<'group' | 'kind' | 'action'>;
  readonly #incidents: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#runs = new Counter({
      name: 'koreo_runs_total',
      help: 'Runs of triggers, by what they came to.',
      labelNames: ['workflow', 'outcome'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'koreo_run_duration_seconds',
      help: 'How long runs took.',
      labelNames: ['workflow'],
      buckets: DURATIONS,
      registers,
    });
    this.#errors = new Counter({
      name: 'koreo_run_errors_total',
      help: 'Runs that broke off, or whose status could not be written, by the code of the error.',
      labelNames: ['code'],
      registers,
    });
    this.#retries = new Counter({
      name: 'koreo_retries_total',
      help: 'Runs after which another was planned: for a Retry, or with back-off for an error.',
      labelNames: ['workflow', 'reason'],
      registers,
    });
    this.#changes = new Counter({
      name: 'koreo_resource_changes_total',
      help: 'Managed resources that runs created, patched, recreated or deleted.',
      labelNames: ['group', 'kind', 'action'],
      registers,
    });
    this.#incidents = new Counter({
      name: 'koreo_incidents_total',
      help: 'What went wrong beside any run; the log has each.',
      registers,
    });
  }

  run(report: RunReport): void {
    const { workflow = '', outcome, durationMs, error } = report;
    this.#runs.inc({ workflow, outcome: outcome.type });
    this.#durations.observe({ workflow }, durationMs / 1000);
    if (error !== undefined) this.#errors.inc({ code: error.code });
    if (error !== undefined) this.#retries.inc({ workflow, reason: 'back-off' });
    else if (outcome.type === 'Retry') this.#retries.inc({ workflow, reason: 'retry' });
    for (const { action, resource } of changesOf(report)) {
      this.#changes.inc({ group: groupOf(resource.apiVersion), kind: resource.kind, action });
    }
  }

  incident(): void {
    this.#incidents.inc();
  }
}
