import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a controller has used since its process began. */
export interface ControllerCost {
  readonly cpuMs: number;
  /** Requests to the API server by verb, watches apart. */
  readonly calls: Readonly<Record<string, number>>;
}

/** A controller in a process of its own, so that what drives and measures it is not in its CPU time. */
export class ControllerProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when it knows all that there is. @param module what calls {@link serveController} */
  static async start(module: URL, kubeconfig: string): Promise<ControllerProcess> {
    const child = fork(module, [kubeconfig]);
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the controller ended with ${code} before it was ready`);
    });
    await Promise.race([once(child, 'message'), ended]);
    ended.catch(() => undefined);
    return new ControllerProcess(child);
  }

  async cost(): Promise<ControllerCost> {
    const answer = once(this.#child, 'message');
    this.#child.send('cost');
    const [cost] = await answer;
    return cost as ControllerCost;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill();
    await exit;
  }
}

/** The other side: says that the controller is ready, and answers what it has used. */
export function serveController(calls: () => Readonly<Record<string, number>>): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMs: (user + system) / 1000, calls: calls() });
  });
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}

/** Where the cluster of this process is. */
export function kubeconfigOfController(): string {
  return process.argv[2] ?? '';
}

/** Counts by name. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  get all(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
