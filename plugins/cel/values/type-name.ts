import { Float } from '../../../kernel/plugin.js';
import { isInt } from './number.js';
import { isList } from './sequence.js';
import { Special } from './special.js';
import type { Value } from './value.js';

/** The name of a value's CEL type. Safe to put in messages. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return isInt(value) ? 'int' : 'double';
    default:
      return objectTypeName(value);
  }
}

function objectTypeName(value: Value): string {
  if (value === null) return 'null_type';
  if (value instanceof Special) return value.typeName;
  if (value instanceof Float) return 'double';
  return isList(value) ? 'list' : 'map';
}
