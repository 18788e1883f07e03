import { ExpressionSyntaxError, type Json, positionAt } from 'koreo-kernel/plugin';
import type { Call, Hole, Part, Value } from './template.js';

const OPEN = '{{';
const CLOSE = '}}';
const KEYWORDS: Readonly<Record<string, Json>> = { true: true, false: false, null: null };

/** Reads a template from left to right. One reader reads one source, once. */
export class TemplateReader {
  #at = 0;

  constructor(readonly source: string) {}

  /** @throws ExpressionSyntaxError at the place that cannot be read */
  read(): readonly Part[] {
    const parts: Part[] = [];
    while (this.#at < this.source.length) {
      const open = this.source.indexOf(OPEN, this.#at);
      const text = this.source.slice(this.#at, open < 0 ? undefined : open);
      if (text !== '') parts.push({ type: 'text', text });
      if (open < 0) break;
      this.#at = open;
      parts.push(this.#hole());
    }
    return parts;
  }

  #hole(): Hole {
    const at = this.#at;
    this.#at += OPEN.length;
    const value = this.#value();
    const otherwise = this.#take('??') ? this.#value() : undefined;
    const calls: Call[] = [];
    while (this.#take('|')) calls.push(this.#call());
    if (!this.#take(CLOSE)) throw this.#expected('`}}`, `|` or `??`');
    return { type: 'hole', value, ...(otherwise === undefined ? {} : { otherwise }), calls, at };
  }

  #call(): Call {
    this.#space();
    const at = this.#at;
    const name = this.#match(/[A-Za-z_]\w*/y);
    if (name === undefined) throw this.#expected('the name of a function');
    const args: Value[] = [];
    if (this.#take('(') && !this.#take(')')) {
      do args.push(this.#value());
      while (this.#take(','));
      if (!this.#take(')')) throw this.#expected('`,` or `)`');
    }
    return { name, args, at };
  }

  #value(): Value {
    this.#space();
    const at = this.#at;
    const constant = this.#constant();
    if (constant !== undefined) return { type: 'constant', value: constant };
    const first = this.#match(/[A-Za-z_]\w*/y);
    if (first === undefined) throw this.#expected('a name, a text in quotes or a number');
    const keyword = Object.hasOwn(KEYWORDS, first) ? KEYWORDS[first] : undefined;
    if (keyword !== undefined) return { type: 'constant', value: keyword };
    const path: (string | number)[] = [first];
    for (let key = this.#key(); key !== undefined; key = this.#key()) path.push(key);
    return { type: 'path', path, at };
  }

  /** `.name`, `["any key"]` or `[0]`. */
  #key(): string | number | undefined {
    if (this.#match(/\./y) !== undefined) {
      const name = this.#match(/[A-Za-z_][\w-]*/y);
      if (name === undefined) throw this.#expected('a name after the dot; other keys are written ["like this"]');
      return name;
    }
    if (this.#match(/\[/y) === undefined) return undefined;
    const key = this.#constant();
    if (typeof key !== 'string' && !(Number.isInteger(key) && Number(key) >= 0)) {
      throw this.#expected('a key in quotes, or the index of an item');
    }
    if (!this.#take(']')) throw this.#expected('`]`');
    return key as string | number;
  }

  /** A text or a number, as in JSON. */
  #constant(): string | number | undefined {
    const at = this.#at;
    const literal = this.#match(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/sy);
    if (literal === undefined) return undefined;
    try {
      return JSON.parse(literal) as string | number;
    } catch {
      this.#at = at;
      throw this.#expected('a text or a number as in JSON');
    }
  }

  #take(token: string): boolean {
    this.#space();
    if (!this.source.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #space(): void {
    this.#match(/\s+/y);
  }

  /** What matches here; the pattern is sticky. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.source)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #expected(what: string): ExpressionSyntaxError {
    const found = this.#at < this.source.length ? `\`${this.source.charAt(this.#at)}\`` : 'the end';
    return new ExpressionSyntaxError(`expected ${what}, found ${found}`, positionAt(this.source, this.#at));
  }
}
