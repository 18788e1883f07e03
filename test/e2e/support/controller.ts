import type { ExecutionContext } from 'ava';
import { stringify } from 'yaml';
import { type Running, startKoreo } from '../../support/koreo.js';
import { tempFolder } from '../../support/temp-folder.js';

/** A line that the controller printed. */
export interface ControllerLine {
  readonly type: string;
  readonly url?: string;
  readonly message?: string;
  readonly trigger?: { readonly kind: string; readonly name: string };
  readonly outcome?: { readonly type: string; readonly message?: string };
  readonly changes?: readonly { readonly action: string; readonly kind: string; readonly name: string }[];
}

/** How a controller is started, as its configuration file says it; `stores` has the one of `KUBECONFIG` by default. */
export interface ControllerOptions {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
}

/** `koreo run` as a process of its own, which is killed with the test. */
export class Controller {
  readonly #running: Running;

  private constructor(running: Running) {
    this.#running = running;
  }

  /** Resolves when it answers probes. It runs each trigger at least every two seconds, so that waste is seen. */
  static async start(t: ExecutionContext, { config = {}, env }: ControllerOptions): Promise<Controller> {
    const file = {
      stores: [{ name: 'cluster', type: 'kubernetes' }],
      loop: { periodSeconds: 2 },
      server: { port: 0, degradedAfterSeconds: 1 },
      logging: { level: 'debug' },
      ...config,
    };
    const cwd = tempFolder(t, { 'koreo.config.yaml': stringify(file) });
    const running = startKoreo(t, ['run', '-o', 'json'], { cwd, env });
    const controller = new Controller(running);
    await running.until(() => controller.#url !== undefined);
    return controller;
  }

  /** All that it has printed until now. */
  get lines(): readonly ControllerLine[] {
    const { stdout } = this.#running;
    const complete = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
    return complete
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as ControllerLine);
  }

  /** Everything that it printed, for messages. */
  get output(): string {
    return this.#running.stdout + this.#running.stderr;
  }

  get isRunning(): boolean {
    return this.#running.process.exitCode === null && this.#running.process.signalCode === null;
  }

  /** The runs of a trigger that ended, after the first `from` lines. */
  runsOf(name: string, from = 0): readonly ControllerLine[] {
    return this.lines.slice(from).filter(({ trigger, type }) => type === 'run' && trigger?.name === name);
  }

  /** Resolves when a line is like that, among those after the first `from`. */
  async until(condition: (line: ControllerLine) => boolean, { from = 0 } = {}): Promise<ControllerLine> {
    const found = (): ControllerLine | undefined => this.lines.slice(from).find(condition);
    await this.#running.until(() => found() !== undefined, 60_000);
    return found() as ControllerLine;
  }

  /** The status code and the text of one of its pages: `readyz`, `livez`, `metrics`. */
  async page(name: string): Promise<{ readonly code: number; readonly text: string }> {
    const answer = await fetch(new URL(name, this.#url));
    return { code: answer.status, text: await answer.text() };
  }

  /** Ends it as a cluster does, and gives its exit code. */
  async stop(): Promise<number | null> {
    this.#running.process.kill('SIGTERM');
    return (await this.#running.ended).code;
  }

  get #url(): string | undefined {
    return this.lines.find(({ type }) => type === 'serving')?.url;
  }
}
