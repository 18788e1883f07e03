import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Its standard input ends when the process of the tests does, however that ends. A process is killed only while its
 * command line still names the folder: a number may belong to somebody else by then.
 */
const SCRIPT = `
folder=$1
trap '' INT TERM HUP
cat >/dev/null
while read -r pid; do
  case "$({ tr '\\0' ' ' <"/proc/$pid/cmdline" || ps -ww -o args= -p "$pid"; } 2>/dev/null)" in *"$folder"*) kill -KILL "$pid" 2>/dev/null ;; esac
done <"$folder/pids"
sleep 0.2
rm -rf "$folder"
`;

/** Ends the processes that it was told of, and removes their folder, when this process ends without doing so itself. */
export class Watchdog {
  readonly #shell: ChildProcess;
  readonly #pids: string;
  readonly #ended: Promise<unknown>;

  constructor(folder: string) {
    this.#pids = join(folder, 'pids');
    appendFileSync(this.#pids, '');
    this.#shell = spawn('sh', ['-c', SCRIPT, 'watchdog', folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#ended = new Promise((resolve) => this.#shell.once('exit', resolve));
    this.#shell.unref();
    (this.#shell.stdin as unknown as { unref(): void }).unref();
  }

  /** The process must name the folder in its command line. */
  guard(pid: number): void {
    appendFileSync(this.#pids, `${pid}\n`);
  }

  /** Has it clean up now, and resolves when it has. Idempotent. */
  async release(): Promise<void> {
    this.#shell.ref();
    this.#shell.stdin?.end();
    await this.#ended;
  }
}
