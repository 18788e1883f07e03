import { once } from 'node:events';
import type { ReadStream, WriteStream } from 'node:tty';
import { styleText } from 'node:util';

/** The formats that the output uses, by the names of `util.styleText`. */
export type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Gives a text a format, where the reader can see it. */
export type Style = (format: Format, text: string) => string;

/** The standard streams, as `process` has them. */
export interface StandardStreams {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
}

/**
 * Where a command writes. Answers go to standard output, all that is about them to standard error. Colours are there on
 * a terminal only, or when FORCE_COLOR asks for them, and never with NO_COLOR.
 */
export class Terminal {
  readonly #streams: StandardStreams;
  readonly #closed = new AbortController();

  constructor(streams: StandardStreams) {
    this.#streams = streams;
    streams.stdout.on('error', (error: NodeJS.ErrnoException) => this.#lost(error));
    streams.stderr.on('error', (error: NodeJS.ErrnoException) => this.#lost(error));
  }

  /** Aborted when nobody reads the answers any more: `koreo get … | head -1`. What is printed after it goes nowhere. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  get stdin(): ReadStream {
    return this.#streams.stdin;
  }

  /** Whether a person sees the answers at once. */
  get isInteractive(): boolean {
    return this.#streams.stdout.isTTY === true;
  }

  /** Whether a person sees notes at once, so that they may be taken back and written over. */
  get showsProgress(): boolean {
    return this.#streams.stderr.isTTY === true;
  }

  /** Writes a line of the answer. */
  print(line: string): void {
    if (!this.closed.aborted) this.#streams.stdout.write(`${line}\n`);
  }

  /** Writes text of the answer as it is; resolves when there is room for more. */
  async write(text: string): Promise<void> {
    if (this.closed.aborted || this.#streams.stdout.write(text)) return;
    await Promise.race([once(this.#streams.stdout, 'drain'), once(this.closed, 'abort')]);
  }

  /** Writes a line about the work, for a person. */
  note(line: string): void {
    this.#streams.stderr.write(`${line}\n`);
  }

  /** Writes over the last progress line; an empty text takes it back. Only where {@link showsProgress}. */
  overwrite(text: string): void {
    this.#streams.stderr.write(`\r\u001B[2K${text}`);
  }

  /** A text in a format, for {@link print}. */
  readonly style: Style = (format, text) => styleText(format, text, { stream: this.#streams.stdout });

  /** A text in a format, for {@link note}. */
  readonly noteStyle: Style = (format, text) => styleText(format, text, { stream: this.#streams.stderr });

  #lost(error: NodeJS.ErrnoException): void {
    if (error.code !== 'EPIPE') throw error;
    this.#closed.abort();
  }
}
