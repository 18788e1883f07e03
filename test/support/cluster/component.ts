import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';

/** How to run one program of a cluster. */
export interface ComponentOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Where it prints to. */
  readonly log: string;
  /** Told of the process as soon as it is there. */
  readonly onStart: (pid: number) => void;
  /** Whether it does its work now. */
  readonly isReady: () => Promise<boolean>;
}

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 3_000;

/** One program of a cluster, which a test may pause, kill and start again on the same ports and data. */
export class Component {
  readonly #options: ComponentOptions;
  #process: ChildProcess | undefined;

  constructor(options: ComponentOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** The process; undefined when none runs. */
  get pid(): number | undefined {
    return this.#running()?.pid;
  }

  /** Starts it and waits until it is ready. @throws Error with the end of its log when it ends instead, or takes too long */
  async start(): Promise<void> {
    if (this.#running() !== undefined) return;
    const { args, command, log, onStart } = this.#options;
    const file = openSync(log, 'a');
    this.#process = spawn(command, args, { detached: true, stdio: ['ignore', file, file] });
    closeSync(file);
    await once(this.#process, 'spawn');
    this.#process.unref();
    if (this.#process.pid !== undefined) onStart(this.#process.pid);
    await this.untilReady();
  }

  async untilReady(): Promise<void> {
    const limit = Date.now() + READY_TIMEOUT_MS;
    while (!(await this.#options.isReady())) {
      if (this.#running() === undefined) throw new Error(`${this.name} ended; it printed:\n${this.#logTail()}`);
      if (Date.now() > limit) throw new Error(`${this.name} is not ready; it printed:\n${this.#logTail()}`);
      await after(50);
    }
  }

  /** Asks it to end, and ends it when it takes long. */
  async stop(): Promise<void> {
    const running = this.#running();
    if (running === undefined) return;
    const ended = once(running, 'exit');
    running.ref();
    running.kill('SIGTERM');
    running.kill('SIGCONT');
    const patience = new AbortController();
    const timer = after(STOP_TIMEOUT_MS, undefined, patience).then(
      () => running.kill('SIGKILL'),
      () => undefined,
    );
    await ended;
    patience.abort();
    await timer;
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    const running = this.#running();
    if (running === undefined) return;
    const ended = once(running, 'exit');
    running.ref();
    running.kill('SIGKILL');
    await ended;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Holds it where it is; connections stay open and silent. */
  pause(): void {
    this.#running()?.kill('SIGSTOP');
  }

  resume(): void {
    this.#running()?.kill('SIGCONT');
  }

  #running(): ChildProcess | undefined {
    const child = this.#process;
    return child === undefined || child.exitCode !== null || child.signalCode !== null ? undefined : child;
  }

  #logTail(): string {
    return readFileSync(this.#options.log, 'utf8').split('\n').slice(-20).join('\n');
  }
}
