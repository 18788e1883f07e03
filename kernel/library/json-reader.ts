import type { Budget } from '../contracts/budget.js';
import { FunctionError } from '../contracts/function-library.js';
import { type ExactValue, floatValue, integerValue } from '../model/exact-value.js';
import { setKey } from '../model/json.js';
import { textSteps } from './text-steps.js';

/** What setting out to read takes, however short the text. */
const CALL_STEPS = 30;

/** Lists and mappings inside one another; what is deeper is refused. */
const MAX_DEPTH = 500;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const LITERALS: readonly (readonly [string, ExactValue])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
];
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * The value of a JSON text, with `2.0` and `2` apart and integers exact to 64 bits. Of equal keys the last counts.
 * @throws FunctionError that says what was expected where, by line, column and character
 */
export function readJson(text: string, budget: Budget): ExactValue {
  budget.spend(CALL_STEPS + 3 * textSteps(text.length));
  return new JsonReader(text, budget).document();
}

class JsonReader {
  readonly #space = /[ \t\n\r]*/y;
  readonly #number = /(-?(?:0|[1-9]\d*))(\.\d+)?([eE][-+]?\d+)?/y;
  readonly #hex = /[0-9A-Fa-f]{4}/y;
  #at = 0;
  #depth = 0;

  constructor(
    private readonly text: string,
    private readonly budget: Budget,
  ) {}

  document(): ExactValue {
    if (this.text.startsWith('\ufeff')) throw this.#error('Unexpected UTF-8 BOM (decode using utf-8-sig)', 0);
    this.#skipSpace();
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.text.length) throw this.#error('Extra data', this.#at);
    return value;
  }

  #value(): ExactValue {
    this.budget.spend(3);
    switch (this.text[this.#at]) {
      case '"':
        return this.#string();
      case '{':
        return this.#nested(() => this.#mapping());
      case '[':
        return this.#nested(() => this.#list());
      default:
        return this.#scalar();
    }
  }

  #nested(read: () => ExactValue): ExactValue {
    this.#depth++;
    if (this.#depth > MAX_DEPTH) throw new FunctionError(`JSON Decoding error nested deeper than ${MAX_DEPTH} levels`);
    this.#at++;
    this.#skipSpace();
    const value = read();
    this.#depth--;
    return value;
  }

  #mapping(): ExactValue {
    const mapping: { [key: string]: ExactValue } = {};
    if (this.#take('}')) return mapping;
    for (;;) {
      if (this.text[this.#at] !== '"') {
        throw this.#error('Expecting property name enclosed in double quotes', this.#at);
      }
      const key = this.#string();
      this.#skipSpace();
      if (!this.#take(':')) throw this.#error("Expecting ':' delimiter", this.#at);
      this.#skipSpace();
      setKey(mapping, key, this.#value());
      if (this.#closes('}', 'object')) return mapping;
    }
  }

  #list(): ExactValue {
    const list: ExactValue[] = [];
    if (this.#take(']')) return list;
    for (;;) {
      list.push(this.#value());
      this.budget.checkItems(list.length);
      if (this.#closes(']', 'array')) return list;
    }
  }

  /** After an item: true at the end of the list or mapping, false when a comma promises another item. */
  #closes(end: string, what: string): boolean {
    this.#skipSpace();
    if (this.#take(end)) return true;
    const comma = this.#at;
    if (!this.#take(',')) throw this.#error("Expecting ',' delimiter", comma);
    this.#skipSpace();
    if (this.text[this.#at] === end) throw this.#error(`Illegal trailing comma before end of ${what}`, comma);
    return false;
  }

  #string(): string {
    const start = this.#at++;
    let value = '';
    for (;;) {
      value += this.#plainCharacters();
      if (this.#at >= this.text.length) throw this.#error('Unterminated string starting at', start);
      if (this.#take('"')) return value;
      if (!this.#take('\\')) throw this.#error('Invalid control character at', this.#at);
      if (this.#at >= this.text.length) throw this.#error('Unterminated string starting at', start);
      value += this.#escape();
    }
  }

  #plainCharacters(): string {
    const start = this.#at;
    for (; this.#at < this.text.length; this.#at++) {
      const unit = this.text.charCodeAt(this.#at);
      if (unit === QUOTE || unit === BACKSLASH || unit < FIRST_PRINTABLE) break;
    }
    return this.text.slice(start, this.#at);
  }

  #escape(): string {
    const at = this.#at++;
    const letter = this.text[at] ?? '';
    if (letter === 'u') {
      const digits = this.#match(this.#hex)?.[0];
      if (digits === undefined || this.#at >= this.text.length) throw this.#error('Invalid \\uXXXX escape', at);
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (character === undefined) throw this.#error('Invalid \\escape', at - 1);
    return character;
  }

  #scalar(): ExactValue {
    for (const [word, value] of LITERALS) {
      if (this.text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    const number = this.#match(this.#number);
    if (number === undefined) throw this.#error('Expecting value', this.#at);
    const [text, digits = '', fraction, exponent] = number;
    return fraction === undefined && exponent === undefined ? integer(digits) : float(text);
  }

  #skipSpace(): void {
    this.#match(this.#space);
  }

  #take(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text) ?? undefined;
    this.#at += match?.[0].length ?? 0;
    return match;
  }

  /** The complaint with its place, in characters and not in UTF-16 units. */
  #error(complaint: string, at: number): FunctionError {
    const before = this.text.slice(0, at);
    const line = before.split('\n').length;
    const column = length(before.slice(before.lastIndexOf('\n') + 1)) + 1;
    return new FunctionError(
      `JSON Decoding error ${complaint}: line ${line} column ${column} (char ${length(before)})`,
    );
  }
}

function integer(digits: string): ExactValue {
  // More digits than 64 bits have are refused before they are worked through.
  if (digits.length <= 20) {
    const value = BigInt(digits);
    if (BigInt.asIntN(64, value) === value) return integerValue(value);
  }
  throw new FunctionError('JSON Decoding error the integer is beyond 64 bits');
}

function float(text: string): ExactValue {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new FunctionError('JSON Decoding error the number is out of range');
  return floatValue(value);
}

function length(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
