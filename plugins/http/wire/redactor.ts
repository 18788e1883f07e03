import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  type MutableJsonObject,
  setKey,
} from '../../../kernel/plugin.js';

const COVER = '•••';
/** A shorter text is in too many others to be taken out of them. */
const SHORTEST = 4;
/** A secret that was replaced long since may still come back in an answer; older ones than these do not. */
const REMEMBERED = 32;
/** Nesting beyond this is refused: nobody means it, and what walks through it would overflow. */
const DEEPEST = 100;

/** Takes secrets out of whatever comes back from an API or goes to people: texts, and answers in which they are echoed. */
export class Redactor {
  readonly #covered = new Map<string, readonly string[]>();

  /** From now on the secret is taken out, in each form in which it may be repeated. */
  cover(secret: string): void {
    if (secret.length < SHORTEST || this.#covered.has(secret)) return;
    const escaped = JSON.stringify(secret).slice(1, -1);
    const forms = [secret, encodeURIComponent(secret), escaped, base64(secret), base64(secret).replace(/=+$/, '')];
    this.#covered.set(secret, [...new Set(forms)]);
    const [oldest] = this.#covered.keys();
    if (this.#covered.size > REMEMBERED && oldest !== undefined) this.#covered.delete(oldest);
  }

  /** The text without secrets. */
  text(text: string): string {
    let clean = text;
    for (const forms of this.#covered.values()) for (const form of forms) clean = clean.replaceAll(form, COVER);
    return clean;
  }

  /** The JSON without secrets, keys included. @throws TooDeepError */
  json(json: Json): Json {
    return this.#json(json, 0);
  }

  #json(json: Json, depth: number): Json {
    if (depth > DEEPEST) throw new TooDeepError();
    if (typeof json === 'string') return this.text(json);
    if (isList(json)) return json.map((one) => this.#json(one, depth + 1));
    return isObject(json) ? this.#object(json, depth) : json;
  }

  #object(json: JsonObject, depth: number): JsonObject {
    const clean: MutableJsonObject = {};
    for (const [key, value] of Object.entries(json)) setKey(clean, this.text(key), this.#json(value, depth + 1));
    return clean;
  }
}

/** An answer nests deeper than anybody means. */
export class TooDeepError extends Error {
  override readonly name = 'TooDeepError';

  constructor() {
    super(`nests deeper than ${DEEPEST} levels`);
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
