import type { Budget } from '../contracts/budget.js';
import { FunctionError } from '../contracts/function-library.js';
import {
  type ExactMapping,
  type ExactValue,
  Float,
  isExactList,
  isExactMapping,
  isInteger,
} from '../model/exact-value.js';
import { compareText } from './text-order.js';
import { textSteps } from './text-steps.js';

/**
 * The value as JSON text: keys sorted by code point, `", "` and `": "` as separators, nothing beyond printable ASCII.
 * Whole floating-point numbers keep their `.0`. @throws FunctionError for numbers that JSON does not have
 */
export function writeJson(value: ExactValue, budget: Budget): string {
  const writer = new JsonWriter(budget);
  writer.value(value);
  return writer.text;
}

/** How many characters are escaped at a time, and for the price of one step. */
const PIECE = 4_096;
const ESCAPES_PER_STEP = 2;

class JsonWriter {
  text = '';

  constructor(private readonly budget: Budget) {}

  value(value: ExactValue): void {
    this.budget.spend(1);
    if (typeof value === 'string') this.string(value, '');
    else if (isExactList(value)) this.list(value);
    else if (isExactMapping(value)) this.mapping(value);
    else this.write(scalar(value));
  }

  private list(list: readonly ExactValue[]): void {
    this.write('[');
    for (const [index, item] of list.entries()) {
      if (index > 0) this.write(', ');
      this.value(item);
    }
    this.write(']');
  }

  private mapping(mapping: ExactMapping): void {
    this.write('{');
    for (const [index, key] of this.sortedKeys(mapping).entries()) {
      if (index > 0) this.write(', ');
      this.string(key, ': ');
      this.value(mapping[key] ?? null);
    }
    this.write('}');
  }

  private sortedKeys(mapping: ExactMapping): readonly string[] {
    const keys = Object.keys(mapping);
    const longest = keys.reduce((length, key) => Math.max(length, key.length), 0);
    // Each key is compared about as often as their number can be halved.
    this.budget.spend(keys.length * (10 + Math.ceil(Math.log2(keys.length + 1)) * (textSteps(longest) - 1)));
    return keys.some((key) => SURROGATE.test(key)) ? keys.sort(compareText) : keys.sort();
  }

  /** In pieces, so that the size is checked before a long text has grown by its escapes. */
  private string(text: string, after: string): void {
    const last = Math.floor(text.length / PIECE) * PIECE;
    this.write('"');
    for (let start = 0; start < last; start += PIECE) this.write(this.escaped(text.slice(start, start + PIECE)));
    this.write(`${this.escaped(text.slice(last))}"${after}`);
  }

  private escaped(piece: string): string {
    const escaped = piece.replace(ESCAPED, escapeUnit);
    this.budget.spend(Math.floor((escaped.length - piece.length) / ESCAPES_PER_STEP));
    return escaped;
  }

  private write(part: string): void {
    this.budget.spend(textSteps(part.length) - 1);
    this.budget.checkString(this.text.length + part.length);
    this.text += part;
  }
}

function scalar(value: null | boolean | number | bigint | string | Float): string {
  if (typeof value === 'number') return isInteger(value) ? BigInt(value).toString() : formatFloat(value);
  return value instanceof Float ? formatFloat(value.value) : String(value);
}

/** A floating-point number as text: the shortest that reads back the same, with an exponent from 1e16 and below 1e-4. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value))
    throw new FunctionError('JSON Encoding error Out of range float values are not JSON compliant');
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= 16 || (exponent < -4 && value !== 0)) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  // Within these exponents JavaScript prints no exponent but for numbers below 1e-6, which are not here.
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** Without these, the platform's own order of texts is that of code points. */
const SURROGATE = /[\ud800-\udfff]/;

const ESCAPED = /[^ -~]|["\\]/g;
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeUnit(unit: string): string {
  return SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
