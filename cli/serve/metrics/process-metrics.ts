import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { Subscription } from 'rxjs';
import type { DutyBoard } from '../duty.js';
import { RunMetrics } from './run-metrics.js';
import { type KernelState, registerStateMetrics } from './state-metrics.js';
import { StoreMetrics } from './store-metrics.js';

export interface ProcessMetricsOptions {
  /** Of this program. */
  readonly version: string;
  /** Whether Node's own are to be among them: memory, handles, lag of the event loop. */
  readonly node: boolean;
}

/** The metrics of one process, whatever kernels come and go in it, in a registry of their own. */
export class ProcessMetrics {
  readonly registry = new Registry();
  readonly #listening = new Subscription();

  constructor(board: DutyBoard, { version, node }: ProcessMetricsOptions) {
    const runs = new RunMetrics(this.registry);
    const stores = new StoreMetrics(this.registry);
    const state: KernelState = { stores: new Map() };
    registerStateMetrics(this.registry, board, state);
    registerBuildInfo(this.registry, version);
    if (node) collectDefaultMetrics({ register: this.registry });
    this.#listening.add(board.follow(({ reports }) => reports).subscribe((report) => runs.run(report)));
    this.#listening.add(board.follow(({ incidents }) => incidents).subscribe(() => runs.incident()));
    this.#listening.add(board.follow(({ storeActivity }) => storeActivity).subscribe((one) => stores.activity(one)));
    this.#listening.add(
      board
        .follow(({ definitions }) => definitions)
        .subscribe((definitions) => {
          state.definitions = definitions;
        }),
    );
    this.#listening.add(
      board
        .follow(({ storeHealth }) => storeHealth)
        .subscribe((health) => {
          state.stores = health;
        }),
    );
  }

  /** Everything as it is now, in Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  close(): void {
    this.#listening.unsubscribe();
    this.registry.clear();
  }
}

function registerBuildInfo(registry: Registry, version: string): void {
  const gauge = new Gauge({
    name: 'koreo_build_info',
    help: 'Always 1; its labels say what runs.',
    labelNames: ['version', 'node'],
    registers: [registry],
  });
  gauge.set({ version, node: process.version }, 1);
}
