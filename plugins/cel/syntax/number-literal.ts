import { floatValue, integerValue } from '../../../kernel/plugin.js';
import { Uint } from '../values/uint.js';
import type { Value } from '../values/value.js';
import { syntaxError } from './source-text.js';
import type { Token } from './token.js';

const DECIMAL = /^(?:\d*\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)/;
const INTEGER = /^(0x[0-9A-Fa-f]+|\d+)([uU]?)/;

/** Decimal integers of so many digits are exact as numbers. */
const SHORT = 15;

/** The longest that a number is looked at; no number that a literal can mean has more characters. */
const LONGEST = 400;

/** The number that begins at an offset. An integer may be one past the largest, for a minus before it to make it the smallest. */
export function readNumber(source: string, at: number): Token {
  return readShort(source, at) ?? readAny(source, at);
}

/** The common case, a few decimal digits, without looking at more than these. */
function readShort(source: string, at: number): Token | undefined {
  let end = at;
  while (end - at < SHORT && isDigit(source.charCodeAt(end))) end++;
  if (end === at || /[\w.]/.test(source.charAt(end))) return undefined;
  const text = source.slice(at, end);
  return { kind: 'literal', text, at, end, value: Number(text) };
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function readAny(source: string, at: number): Token {
  const text = source.slice(at, at + LONGEST);
  const decimal = DECIMAL.exec(text);
  if (decimal !== null) return literal(source, at, decimal[0], decimalValue(source, at, decimal[0]));
  const [all = '', digits = '', unsigned = ''] = INTEGER.exec(text) ?? [];
  return literal(source, at, all, unsigned === '' ? integer(source, at, digits) : unsignedInteger(source, at, digits));
}

function literal(source: string, at: number, text: string, value: Value): Token {
  const end = at + text.length;
  if (/[A-Za-z0-9_]/.test(source.charAt(end))) {
    throw syntaxError(source, at, `\`${text}${source.charAt(end)}\` is neither a number nor a name`);
  }
  return { kind: 'literal', text, at, end, value };
}

function decimalValue(source: string, at: number, text: string): Value {
  const value = Number(text);
  if (!Number.isFinite(value)) throw syntaxError(source, at, 'the number is beyond the range of a double');
  return floatValue(value);
}

function integer(source: string, at: number, digits: string): Value {
  const value = BigInt(digits);
  if (value > 2n ** 63n) throw syntaxError(source, at, 'the integer is beyond 64 bits');
  return integerValue(value);
}

function unsignedInteger(source: string, at: number, digits: string): Value {
  const value = BigInt(digits);
  if (value >= 2n ** 64n) throw syntaxError(source, at, 'the unsigned integer is beyond 64 bits');
  return new Uint(value);
}
