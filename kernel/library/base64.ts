import { FunctionError, type LibraryFunction } from '../contracts/function-library.js';
import type { Json } from '../model/json.js';
import { decodeBase64 } from './base64-decoder.js';
import { originalTypeName } from './original-type-name.js';
import { textSteps } from './text-steps.js';
import { decodeUtf8 } from './utf8-decoder.js';

const LONE_SURROGATE = /\p{Surrogate}/u;

/** What going over to bytes, or coming from them, takes however short the text. */
const CALL_STEPS = 8;

/** Text to base64 and back, by way of UTF-8. */
export const base64Functions: readonly LibraryFunction[] = [
  {
    name: 'b64encode',
    parameters: [{ name: 'text', type: 'any' }],
    summary: 'The base64 of the UTF-8 of a text.',
    call: ([text], budget) => {
      if (typeof text !== 'string') throw complaint(`'${originalTypeName(text)}' object has no attribute 'encode'`);
      budget.checkString(Math.ceil(text.length / 3) * 4);
      budget.spend(CALL_STEPS + 2 * textSteps(text.length));
      const bytes = Buffer.from(wellFormed(text), 'utf8');
      budget.checkString(Math.ceil(bytes.length / 3) * 4);
      return bytes.toString('base64');
    },
  },
  {
    name: 'b64decode',
    parameters: [{ name: 'text', type: 'any' }],
    summary: 'The text whose UTF-8 the base64 holds.',
    call: ([text], budget) => {
      const encoded = asciiText(text);
      budget.spend(CALL_STEPS + 6 * textSteps(encoded.length));
      return decodeUtf8(decodeBase64(encoded));
    },
  },
];

function asciiText(value: Json | undefined): string {
  if (typeof value !== 'string') {
    throw complaint(`argument should be a bytes-like object or ASCII string, not '${originalTypeName(value)}'`);
  }
  for (let index = 0; index < value.length; index++) {
    if (value.charCodeAt(index) > 0x7f) throw complaint('string argument should contain only ASCII characters');
  }
  return value;
}

function wellFormed(text: string): string {
  if (LONE_SURROGATE.test(text))
    throw complaint('the text holds half of a surrogate pair, which UTF-8 has no bytes for');
  return text;
}

function complaint(what: string): FunctionError {
  return new FunctionError(`Base64 Encoding error ${what}`);
}
