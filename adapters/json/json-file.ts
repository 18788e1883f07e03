import { Buffer } from 'node:buffer';
import {
  type Clock,
  errorMessage,
  formatProblem,
  InvalidResourceError,
  type Position,
  type Problem,
  StoreError,
  UnavailableError,
} from '../../kernel/index.js';
import { FileChangedError } from '../files/file-errors.js';
import { type FileStamp, isUnchanged } from '../files/file-stamp.js';
import type { FileContent, Folder } from '../files/folder.js';
import { JsonSyntaxError, JsonText } from '../files/json-text.js';
import type { DocumentFault } from './document-content.js';

/** How a {@link JsonFile} is made. */
export interface JsonFileOptions {
  readonly folder: Folder;
  /** Its path in the folder. */
  readonly path: string;
  /** The path by which its user knows it, for messages. */
  readonly shownPath: string;
  readonly clock: Clock;
  readonly maxBytes: number;
  readonly maxDepth: number;
  /** Milliseconds that the file is given to be whole again. */
  readonly settleMs: number;
}

/** What a file says, or said last, and what is wrong with it. */
export interface JsonFileState {
  /** Undefined when there is no file. */
  readonly document: JsonText | undefined;
  readonly problem?: Problem;
  readonly fault?: DocumentFault;
}

interface Trouble {
  readonly error: UnavailableError;
  readonly problem: Problem;
  /** What tells this trouble from others. */
  readonly key: string;
  /** In the clock's milliseconds. */
  readonly since: number;
}

const GONE = 'gone';

/**
 * A file of one JSON document. When it cannot be read, what it said last stays in force: at first because somebody may be
 * in the middle of writing it, then with a problem that says what is wrong and where.
 */
export class JsonFile {
  readonly #options: JsonFileOptions;
  #state: JsonFileState = { document: undefined };
  /** What the state's document was read from. */
  #content: FileContent | undefined;
  #stamp: FileStamp | undefined;
  #trouble: Trouble | undefined;
  #known = false;

  constructor(options: JsonFileOptions) {
    this.#options = options;
  }

  /** What the file says now; the same object as long as that is the same. */
  async read(): Promise<JsonFileState> {
    const { folder, path } = this.#options;
    try {
      const stat = await folder.stat(path);
      if (stat !== undefined && isUnchanged(this.#stamp, stat)) return this.#current();
      const content = stat && (await folder.read(path));
      this.#stamp = content?.stamp;
      this.#take(content);
    } catch (error) {
      if (!(error instanceof StoreError || error instanceof FileChangedError)) throw error;
      this.#suspect(errorMessage(error), { code: 'document-unreadable', message: errorMessage(error) });
    }
    return this.#current();
  }

  /**
   * Writes the document in the place of what was read last. `check` is asked right before it comes into force.
   * @throws FileChangedError when the file is no longer what was read last; StoreError
   */
  async write(document: JsonText, check?: () => Promise<void>): Promise<JsonFileState> {
    const { folder, path, maxBytes, shownPath } = this.#options;
    const text = document.written;
    if (Buffer.byteLength(text) > maxBytes) {
      throw new InvalidResourceError(`${shownPath} would be larger than the limit of ${maxBytes} bytes (maxBytes)`);
    }
    this.#content =
      this.#content === undefined
        ? await folder.create(path, text, check)
        : await folder.replace(path, text, this.#content, check);
    this.#stamp = this.#content.stamp;
    this.#state = { document };
    return this.#state;
  }

  #take(content: FileContent | undefined): void {
    if (content === undefined && this.#content !== undefined) {
      this.#suspect(GONE, { code: 'document-unreadable', message: 'it is not there any more' });
      return;
    }
    if (content !== undefined && content.revision !== this.#content?.revision) {
      const parsed = parse(content.text, this.#options.maxDepth);
      if (parsed instanceof JsonSyntaxError) {
        const { message, position } = parsed;
        this.#suspect(content.revision, { code: 'document-syntax', message, ...position });
        return;
      }
      this.#state = { document: parsed };
    }
    this.#content = content;
    this.#trouble = undefined;
    this.#known = true;
  }

  /** What cannot be read now; the same trouble goes on as long as its key is the same. */
  #suspect(key: string, { code, message, ...position }: { code: string; message: string } & Partial<Position>): void {
    if (this.#trouble?.key === key) return;
    const { shownPath: file, clock } = this.#options;
    const problem = { code, message, location: { path: [], file, ...position } };
    const error = new UnavailableError(
      `${formatProblem(problem)}; until it is mended it is neither written nor believed`,
    );
    this.#trouble = { key, problem, error, since: clock.now() };
  }

  #current(): JsonFileState {
    if (this.#trouble === undefined) return this.#state;
    const { key, problem, error, since } = this.#trouble;
    const { document } = this.#state;
    const settlesIn = since + this.#options.settleMs - this.#options.clock.now();
    if (this.#known && settlesIn > 0) return { document, fault: { error, blind: false, settlesIn } };
    if (key !== GONE) return { document, problem, fault: { error, blind: !this.#known } };
    this.#content = undefined;
    this.#trouble = undefined;
    this.#state = { document: undefined };
    return this.#state;
  }
}

function parse(text: string, maxDepth: number): JsonText | JsonSyntaxError {
  try {
    return JsonText.parse(text, maxDepth);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error;
    throw error;
  }
}
