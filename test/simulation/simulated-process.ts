import { createKernel, type Kernel, type RunReport } from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import {
  type ConnectionOptions,
  ProcessClock,
  type SimulatedConnection,
  type SimulatedServer,
  type VirtualClock,
} from 'koreo-kernel/testing';
import { SwitchFence } from '../support/switch-fence.js';

/** One process with a kernel, from its start to its crash. */
export class SimulatedProcess {
  readonly fence = new SwitchFence();
  readonly connection: SimulatedConnection;
  readonly kernel: Kernel;
  readonly reports: RunReport[] = [];
  readonly problems: string[] = [];
  readonly #clock: ProcessClock;

  constructor(server: SimulatedServer, clock: VirtualClock, options: ConnectionOptions = {}) {
    this.#clock = new ProcessClock(clock);
    this.connection = server.connect({
      ...options,
      onCrash: () => {
        this.#clock.end();
        options.onCrash?.();
      },
      onCall: (call) => {
        const writes = call.verb !== 'get' && call.verb !== 'list';
        if (writes && this.fence.ended.aborted) this.problems.push(`a ${call.verb} behind the fence`);
        options.onCall?.(call);
      },
    });
    this.kernel = createKernel({ plugins: [cel], stores: [this.connection], clock: this.#clock, fence: this.fence });
    this.kernel.reports.subscribe((report) => this.#note(report));
    this.kernel.incidents.subscribe(({ source, error }) => {
      if (!this.fence.ended.aborted) this.problems.push(`incident of ${source}: ${String(error)}`);
    });
    this.kernel.start().catch((error: unknown) => this.problems.push(`did not start: ${String(error)}`));
  }

  /** It is no more, from one moment to the next. */
  crash(): void {
    this.connection.crash();
  }

  #note(report: RunReport): void {
    const { name } = report.trigger;
    const last = this.reports.findLast((one) => one.trigger.name === name);
    if (last !== undefined && startOf(report) < startOf(last) + Math.floor(last.durationMs) - 1) {
      this.problems.push(`two runs of ${name} overlapped`);
    }
    this.reports.push(report);
  }
}

function startOf({ startedAt }: RunReport): number {
  return Date.parse(startedAt);
}
