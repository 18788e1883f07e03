import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';

/** The program as users run it; tests are in dist/test when they run. */
const MAIN = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

/** How to call the program. */
export interface Call {
  readonly cwd: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The program that is called; the one that was just built when absent. */
  readonly main?: string;
}

/** What a call came to. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls `koreo` in a process of its own, as a shell does, and waits for its end. */
export async function koreoProcess(args: readonly string[], call: Call): Promise<Ended> {
  const running = new Running(args, call);
  running.process.stdin.end(call.input ?? '');
  return running.ended;
}

/** Starts `koreo` and leaves it running; it is ended with the test at the latest. */
export function startKoreo(t: ExecutionContext, args: readonly string[], call: Call): Running {
  const running = new Running(args, call);
  t.teardown(async () => {
    running.process.kill('SIGKILL');
    await running.ended;
  });
  return running;
}

/** A `koreo` that runs, and what it has printed until now. */
export class Running {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';
  readonly #watchers = new Set<() => void>();

  constructor(args: readonly string[], { cwd, env, main = MAIN }: Call) {
    this.process = spawn(process.execPath, [main, ...args], { cwd, env: { ...plainEnvironment(), ...env } });
    this.process.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#changed();
    });
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#changed();
    });
    // A program that refuses its arguments does not read its input.
    this.process.stdin.on('error', () => undefined);
    this.ended = once(this.process, 'close').then(([code]) => {
      this.#changed();
      return { code: code as number | null, stdout: this.stdout, stderr: this.stderr };
    });
  }

  /** Resolves when what was printed satisfies the condition. @throws Error with all that was printed, after `timeoutMs` */
  async until(condition: (output: Running) => boolean, timeoutMs = 20_000): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (!condition(this)) return;
        clearTimeout(timer);
        this.#watchers.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(check);
        reject(new Error(`not within ${timeoutMs} ms; stdout:\n${this.stdout}\nstderr:\n${this.stderr}`));
      }, timeoutMs);
      this.#watchers.add(check);
      check();
    });
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** The environment without what decides on colours. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _force, NO_COLOR: _no, CLICOLOR_FORCE: _click, ...rest } = process.env;
  return rest;
}
