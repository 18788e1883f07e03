import { createKernel, type Kernel, type RunReport } from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import { cpuMilliseconds } from '../harness/cpu-clock.js';
import { appDefinitions, apps, RESOURCES_EACH } from './app-world.js';
import { FastClock } from './fast-clock.js';
import { StallMeter } from './stall-meter.js';

/** What one stretch of a loop's life cost. */
export interface LoopCost {
  readonly runs: number;
  readonly reads: number;
  readonly writes: number;
  /** CPU of the process, user and system, in milliseconds. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** The longest time for which the event loop took up nothing else. */
  readonly longestStallMs: number;
}

/** Seconds between two runs of a trigger when nothing changes, by the loop's own clock. */
const PERIOD_SECONDS = 1200;
/**
 * So many runs are due in a real second of a quiet period, however many triggers there are: enough that to wake up for them,
 * which costs more than such a run, is shared by several.
 */
const RUNS_A_SECOND = 5000;

/** A kernel over a store in memory with so many Apps in it, and what each stretch of its life costs. */
export class BenchLoop {
  readonly store: MemoryStore;
  readonly #kernel: Kernel;
  readonly #clock = new FastClock();
  readonly #triggers: number;
  readonly #definitions = new MemoryStore({ name: 'definitions', resources: appDefinitions() });
  #runs = 0;
  #awaited: { readonly runs: number; readonly done: () => void } | undefined;
  #unexpected: RunReport | undefined;
  #isSteady = false;

  constructor(triggers: number) {
    this.#triggers = triggers;
    this.store = new MemoryStore({ resources: apps(triggers) });
    this.#kernel = createKernel({
      plugins: [cel],
      stores: [this.store, this.#definitions],
      defaultStore: 'memory',
      definitions: [{ store: 'definitions' }],
      // No step is late because its clock is made to go fast.
      loop: { periodSeconds: PERIOD_SECONDS, stepTimeoutSeconds: 1e9 },
      clock: this.#clock,
    });
    this.#kernel.reports.subscribe((report) => {
      this.#runs += 1;
      if (this.#runs === this.#awaited?.runs) this.#awaited.done();
      if (this.#isSteady && (report.changed || report.causes.some((cause) => cause !== 'period'))) {
        this.#unexpected ??= report;
      }
    });
  }

  /** From a standing start until every App has its resources and says that it is ready. @throws Error when that is not so */
  async converge(): Promise<LoopCost> {
    const cost = await this.#measure(async () => {
      await this.#kernel.start();
      await this.#kernel.whenIdle();
    });
    this.#checkConverged();
    return cost;
  }

  /**
   * Until there have been as many runs as in so many periods, with nothing changed meanwhile.
   * @throws Error when a run finds something to do, or something is read or written
   */
  async periods(count = 1): Promise<LoopCost> {
    this.#isSteady = true;
    this.#clock.setSpeed((PERIOD_SECONDS * RUNS_A_SECOND) / this.#triggers);
    const cost = await this.#measure(() => this.#ran(count * this.#triggers));
    this.#clock.setSpeed(1);
    this.#isSteady = false;
    if (this.#unexpected !== undefined) {
      throw new Error(`a run in a steady world found something to do: ${JSON.stringify(this.#unexpected)}`);
    }
    if (cost.reads + cost.writes > 0) {
      throw new Error(`a steady world was read ${cost.reads} times and written ${cost.writes} times`);
    }
    return cost;
  }

  async stop(): Promise<void> {
    await this.#kernel.stop();
  }

  /** Resolves when there have been so many more runs. */
  #ran(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#awaited = { runs: this.#runs + count, done: resolve };
    });
  }

  async #measure(work: () => Promise<void>): Promise<LoopCost> {
    const before = { runs: this.#runs, reads: this.store.reads, writes: this.store.writes };
    const stalls = new StallMeter();
    const begun = performance.now();
    const cpu = cpuMilliseconds();
    await work();
    const cpuMs = cpuMilliseconds() - cpu;
    return {
      runs: this.#runs - before.runs,
      reads: this.store.reads - before.reads,
      writes: this.store.writes - before.writes,
      cpuMs,
      wallMs: performance.now() - begun,
      longestStallMs: stalls.stop(),
    };
  }

  #checkConverged(): void {
    const triggers = this.#triggers;
    const held = this.store.resources.length;
    const wanted = triggers * (1 + RESOURCES_EACH);
    if (held !== wanted) throw new Error(`the store holds ${held} resources in place of ${wanted}`);
    const late = this.#kernel.triggers().filter(({ ready }) => !ready).length;
    if (late > 0) throw new Error(`${late} of ${triggers} triggers are not ready`);
  }
}
