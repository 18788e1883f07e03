import { once } from 'node:events';
import type { ReadStream, WriteStream } from 'node:tty';
import { styleText } from 'node:util';

/** The formats that the output uses, by the names of `util.styleText`. */
export type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Gives a text a format, where the reader can see it. */
export type Style = (format: Format, text: string) => string;

/** What a call of the program needs of the process that it is made in; `process` is one. */
export interface Host {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): never;
}

const SIGNALS = [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const;

/**
 * Where a command writes. Answers go to standard output, all that is about them to standard error. Colours are there on
 * a terminal only, or when FORCE_COLOR asks for them, and never with NO_COLOR.
 */
export class Terminal {
  readonly #host: Host;
  readonly #closed = new AbortController();

  constructor(host: Host) {
    this.#host = host;
    host.stdout.on('error', (error: NodeJS.ErrnoException) => this.#lost(error));
    host.stderr.on('error', (error: NodeJS.ErrnoException) => this.#lost(error));
  }

  /** Aborted when nobody reads the answers any more: `koreo get … | head -1`. What is printed after it goes nowhere. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /**
   * Aborted by the first SIGINT or SIGTERM, when nobody reads the answers any more, or when one of the other signals aborts. A
   * second SIGINT or SIGTERM ends the process at once, with the exit code that a shell expects: 128 and the signal's number.
   */
  stopSignal(...others: readonly AbortSignal[]): AbortSignal {
    const stop = new AbortController();
    for (const [name, number] of SIGNALS) {
      this.#host.on(name, () => {
        if (stop.signal.aborted) this.#host.exit(128 + number);
        stop.abort();
      });
    }
    return AbortSignal.any([stop.signal, this.closed, ...others]);
  }

  get stdin(): ReadStream {
    return this.#host.stdin;
  }

  /** Whether a person sees the answers at once. */
  get isInteractive(): boolean {
    return this.#host.stdout.isTTY === true;
  }

  /** Whether a person sees notes at once, so that they may be taken back and written over. */
  get showsProgress(): boolean {
    return this.#host.stderr.isTTY === true;
  }

  /** Writes a line of the answer. */
  print(line: string): void {
    if (!this.closed.aborted) this.#host.stdout.write(`${line}\n`);
  }

  /** Writes text of the answer as it is; resolves when there is room for more. */
  async write(text: string): Promise<void> {
    if (this.closed.aborted || this.#host.stdout.write(text)) return;
    await Promise.race([once(this.#host.stdout, 'drain'), once(this.closed, 'abort')]);
  }

  /** Writes a line about the work, for a person. */
  note(line: string): void {
    this.complain(`${line}\n`);
  }

  /** Writes text about the work as it is. */
  complain(text: string): void {
    this.#host.stderr.write(text);
  }

  /** Writes over the last progress line; an empty text takes it back. Only where {@link showsProgress}. */
  overwrite(text: string): void {
    this.#host.stderr.write(`\r\u001B[2K${text}`);
  }

  /** A text in a format, for {@link print}. */
  readonly style: Style = (format, text) => styleText(format, text, { stream: this.#host.stdout });

  /** A text in a format, for {@link note}. */
  readonly noteStyle: Style = (format, text) => styleText(format, text, { stream: this.#host.stderr });

  #lost(error: NodeJS.ErrnoException): void {
    if (error.code !== 'EPIPE') throw error;
    this.#closed.abort();
  }
}
