import { StringDecoder } from 'node:string_decoder';
import { isObject, type JsonObject, UnavailableError } from '../../../kernel/plugin.js';

/** Puts the chunks of an answer together again into its lines, each a JSON object. */
export class JsonLines {
  readonly #decoder = new StringDecoder('utf8');
  /** Chunks since the last line break; joined only when it comes, so that a long line costs no more than its length. */
  #open: string[] = [];

  /** The objects of the lines that the chunk ends. @throws UnavailableError for a line that is no JSON object */
  push(chunk: Buffer): readonly JsonObject[] {
    const [first = '', ...others] = this.#decoder.write(chunk).split('\n');
    this.#open.push(first);
    const objects: JsonObject[] = [];
    for (const next of others) {
      const line = this.#open.join('');
      this.#open = [next];
      if (line.trim() !== '') objects.push(parseObject(line));
    }
    return objects;
  }

  /** Whether what has come so far ends inside a line. */
  get cut(): boolean {
    return this.#decoder.end() !== '' || this.#open.some((part) => part.trim() !== '');
  }
}

/** Reads an answer. @throws UnavailableError when it is no JSON object: a proxy's page, half of an answer */
export function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may be a Secret.
    throw new UnavailableError('the answer is no JSON: is this an API server?');
  }
  if (!isObject(value)) throw new UnavailableError('the answer is no JSON object: is this an API server?');
  return value;
}
