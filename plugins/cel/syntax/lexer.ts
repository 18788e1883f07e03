import { readNumber } from './number-literal.js';
import { syntaxError } from './source-text.js';
import { readString } from './string-literal.js';
import type { Token } from './token.js';

const PAIRS: ReadonlySet<string> = new Set(['==', '!=', '<=', '>=', '&&', '||']);
const SINGLES: ReadonlySet<string> = new Set('+-*/%<>!?:.,()[]{}');

/** Cuts a source into tokens, one at a time; spaces and comments to the end of a line are passed over. */
export class Lexer {
  readonly #name = /[A-Za-z_][A-Za-z0-9_]*/y;
  readonly #quotedName = /`([A-Za-z0-9_.\-/ ]+)`/y;
  #at = 0;

  constructor(private readonly source: string) {}

  /** @throws ExpressionSyntaxError for what is no token of the language */
  next(): Token {
    this.#skipBlank();
    const at = this.#at;
    const token = this.#read(at);
    this.#at = token.end;
    return token;
  }

  #read(at: number): Token {
    const { source } = this;
    const character = source.charAt(at);
    if (character === '') return { kind: 'end', text: '', at, end: at };
    if (isDigit(character) || (character === '.' && isDigit(source.charAt(at + 1)))) return readNumber(source, at);
    if (character === '"' || character === "'") return readString(source, at, '');
    if (isNameStart(character)) return this.#readName(at);
    if (character === '`') return this.#readQuotedName(at);
    return this.#readPunctuation(at, character);
  }

  #readName(at: number): Token {
    this.#name.lastIndex = at;
    const text = this.#name.exec(this.source)?.[0] ?? '';
    const end = at + text.length;
    const next = this.source.charAt(end);
    if ((next === '"' || next === "'") && isStringPrefix(text)) return readString(this.source, at, text);
    return { kind: 'name', text, at, end };
  }

  #readQuotedName(at: number): Token {
    this.#quotedName.lastIndex = at;
    const match = this.#quotedName.exec(this.source);
    if (match?.[1] === undefined) {
      throw syntaxError(
        this.source,
        at,
        'a name in back quotes holds letters, digits, `_`, `.`, `-`, `/` and spaces only',
      );
    }
    return { kind: 'quotedName', text: match[1], at, end: at + match[0].length };
  }

  #readPunctuation(at: number, character: string): Token {
    const pair = this.source.slice(at, at + 2);
    if (PAIRS.has(pair)) return { kind: 'punctuation', text: pair, at, end: at + 2 };
    if (SINGLES.has(character)) return { kind: 'punctuation', text: character, at, end: at + 1 };
    const found = String.fromCodePoint(this.source.codePointAt(at) ?? 0);
    throw syntaxError(this.source, at, `unexpected character \`${found}\`${hint(found)}`);
  }

  #skipBlank(): void {
    const { source } = this;
    for (;;) {
      const character = source.charAt(this.#at);
      if (isBlank(character)) this.#at++;
      else if (character === '/' && source.charAt(this.#at + 1) === '/') this.#skipComment();
      else return;
    }
  }

  #skipComment(): void {
    const end = this.source.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.source.length : end;
  }
}

function hint(character: string): string {
  switch (character) {
    case '=':
      return '; to compare, write `==`';
    case '&':
      return '; write `&&` for and';
    case '|':
      return '; write `||` for or';
    default:
      return '';
  }
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r' || character === '\f';
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function isNameStart(character: string): boolean {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character === '_';
}

function isStringPrefix(name: string): boolean {
  return name.length <= 2 && /^(?:[rR]|[bB][rR]?)$/.test(name);
}
