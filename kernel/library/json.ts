import { FunctionError, type LibraryFunction } from '../contracts/function-library.js';
import type { ExactValue } from '../model/exact-value.js';
import { exactFunction } from './exact-function.js';
import { readJson } from './json-reader.js';
import { writeJson } from './json-writer.js';
import { originalTypeName } from './original-type-name.js';

/** Values to JSON text and back. */
export const jsonFunctions: readonly LibraryFunction[] = [
  exactFunction({
    name: 'to_json',
    parameters: [{ name: 'value', type: 'any' }],
    summary: 'The value as JSON text with sorted keys, in ASCII.',
    call: ([value], budget) => writeJson(value ?? null, budget),
  }),
  exactFunction({
    name: 'from_json',
    parameters: [{ name: 'text', type: 'any' }],
    summary: 'The value that a JSON text holds.',
    call: ([text], budget) => readJson(jsonText(text), budget),
  }),
];

function jsonText(value: ExactValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new FunctionError(
    `JSON Decoding error the JSON object must be str, bytes or bytearray, not ${originalTypeName(value)}`,
  );
}
