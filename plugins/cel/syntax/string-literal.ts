import { Bytes } from '../values/bytes.js';
import { syntaxError } from './source-text.js';
import type { Token } from './token.js';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
};

/** The string or bytes literal whose prefix (`r`, `b`, `br`, or none) begins at an offset. @throws ExpressionSyntaxError */
export function readString(source: string, at: number, prefix: string): Token {
  if (prefix === '') {
    const plain = readPlain(source, at);
    if (plain !== undefined) return plain;
  }
  const flags = prefix.toLowerCase();
  const reader = new StringReader(source, at + prefix.length, { raw: flags.includes('r'), bytes: flags.includes('b') });
  const value = reader.read();
  return { kind: 'literal', text: source.slice(at, reader.end), at, end: reader.end, value };
}

/** The common case, without looking at each character: one line, no escapes. */
function readPlain(source: string, at: number): Token | undefined {
  const quote = source.charAt(at);
  const close = source.indexOf(quote, at + 1);
  const value = source.slice(at + 1, close);
  if (close < 0 || source.startsWith(quote.repeat(3), at) || /[\\\n\r]/.test(value)) return undefined;
  return { kind: 'literal', text: source.slice(at, close + 1), at, end: close + 1, value };
}

class StringReader {
  end: number;
  readonly #encoder = new TextEncoder();
  readonly #bytes: number[] = [];
  #text = '';

  constructor(
    private readonly source: string,
    private readonly start: number,
    private readonly form: { readonly raw: boolean; readonly bytes: boolean },
  ) {
    this.end = start;
  }

  read(): string | Bytes {
    const quote = this.source.charAt(this.start);
    const triple = this.source.startsWith(quote.repeat(3), this.start);
    const delimiter = triple ? quote.repeat(3) : quote;
    this.end += delimiter.length;
    while (!this.source.startsWith(delimiter, this.end)) this.#readPart(triple);
    this.end += delimiter.length;
    return this.form.bytes ? new Bytes(Uint8Array.from(this.#bytes)) : this.#text;
  }

  #readPart(triple: boolean): void {
    const character = this.source.charAt(this.end);
    if (character === '' || (!triple && (character === '\n' || character === '\r'))) {
      throw syntaxError(this.source, this.start, 'the string is not closed');
    }
    if (character === '\\' && !this.form.raw) {
      this.#readEscape();
    } else {
      const whole = String.fromCodePoint(this.source.codePointAt(this.end) ?? 0);
      this.end += whole.length;
      this.#addText(whole);
    }
  }

  #readEscape(): void {
    const at = this.end;
    const letter = this.source.charAt(at + 1);
    this.end += 2;
    const simple = Object.hasOwn(SIMPLE_ESCAPES, letter) ? SIMPLE_ESCAPES[letter] : undefined;
    if (simple !== undefined) this.#addText(simple);
    else if (letter === 'x' || letter === 'X') this.#addCode(at, this.#digits(at, 2, 16));
    else if (letter >= '0' && letter <= '3') this.#addOctal(at);
    else if (letter === 'u' && !this.form.bytes) this.#addCode(at, this.#digits(at, 4, 16));
    else if (letter === 'U' && !this.form.bytes) this.#addCode(at, this.#digits(at, 8, 16));
    else throw syntaxError(this.source, at, `\`\\${letter}\` is no escape; a backslash is written \`\\\\\``);
  }

  #addOctal(at: number): void {
    this.end--;
    this.#addCode(at, this.#digits(at, 3, 8));
  }

  #digits(at: number, count: number, radix: 8 | 16): number {
    const digits = this.source.slice(this.end, this.end + count);
    this.end += count;
    const valid = radix === 8 ? /^[0-7]+$/ : /^[0-9A-Fa-f]+$/;
    if (digits.length < count || !valid.test(digits)) {
      throw syntaxError(this.source, at, `the escape needs ${count} ${radix === 8 ? 'octal' : 'hexadecimal'} digits`);
    }
    return Number.parseInt(digits, radix);
  }

  #addCode(at: number, code: number): void {
    if (this.form.bytes) {
      this.#bytes.push(code);
      return;
    }
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
      throw syntaxError(this.source, at, 'the escape is no Unicode character');
    }
    this.#text += String.fromCodePoint(code);
  }

  #addText(text: string): void {
    if (this.form.bytes) this.#bytes.push(...this.#encoder.encode(text));
    else this.#text += text;
  }
}
