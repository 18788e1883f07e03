import { FunctionError } from '../contracts/function-library.js';
import { type ExactValue, Float, isExactList, isExactMapping } from '../model/exact-value.js';
import { type Json, type MutableJsonObject, setKey } from '../model/json.js';

/** The value with plain numbers, for languages that know no others. @throws FunctionError for an integer that they cannot hold */
export function toPlain(value: ExactValue): Json {
  if (value instanceof Float) return value.value;
  if (typeof value === 'bigint') throw new FunctionError('the integer is beyond 2^53 - 1 and would lose digits');
  if (isExactList(value)) return value.map(toPlain);
  if (!isExactMapping(value)) return value;
  const plain: MutableJsonObject = {};
  for (const [key, item] of Object.entries(value)) setKey(plain, key, toPlain(item));
  return plain;
}
