import { type ExactValue, isExactList, isInteger, numberOf } from '../model/exact-value.js';

/** The type of a value by the name that Koreo's messages have for it, for messages that people already know. */
export function originalTypeName(value: ExactValue | undefined): string {
  if (value === null || value === undefined) return 'NoneType';
  if (typeof value === 'boolean') return 'BoolType';
  if (typeof value === 'string') return 'StringType';
  if (numberOf(value) !== undefined) return isInteger(value) ? 'IntType' : 'DoubleType';
  return isExactList(value) ? 'ListType' : 'MapType';
}
