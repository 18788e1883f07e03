import { InvalidResourceError, isObject, type Json, type JsonObject, meantOrKnown } from '../../../kernel/plugin.js';
import type { FieldTable, Property } from '../options/options.js';
import { keysOf, valueAt, withValueAt } from './pointer.js';

/** How fields of a resource stand in JSON of the API: in one place as they are, or each in a place of its own. */
export type FieldMapping = Property | FieldTable;

/** The fields that the JSON holds; those that it does not are left out. Undefined when the one place is empty. */
export function fieldsFrom(json: JsonObject, mapping: FieldMapping): Json | undefined {
  if (typeof mapping === 'string') return valueAt(json, mapping);
  let fields: Json = {};
  for (const [field, property] of Object.entries(mapping)) {
    const value = valueAt(json, property);
    if (value !== undefined && isObject(fields)) fields = withValueAt(fields, field, value);
  }
  return fields;
}

/** The JSON that the fields make, laid into a base. @throws InvalidResourceError for fields that have no place */
export function fieldsInto(base: JsonObject, fields: JsonObject, mapping: FieldMapping): JsonObject {
  if (typeof mapping === 'string') {
    const placed = withValueAt(base, mapping, fields);
    return isObject(placed) ? placed : base;
  }
  checkPlaces(fields, mapping);
  let placed: Json = base;
  for (const [field, property] of Object.entries(mapping)) {
    const value = valueAt(fields, field);
    if (value !== undefined && isObject(placed)) placed = withValueAt(placed, property, value);
  }
  return isObject(placed) ? placed : base;
}

/** Every field is one that the table names, or lies on the way to one. */
function checkPlaces(fields: JsonObject, table: FieldTable): void {
  const known = Object.keys(table).map(keysOf);
  const unknown = Object.keys(fields).filter((key) => !known.some(([first]) => first === key));
  const [first] = unknown;
  if (first === undefined) return;
  const names = known.map(([name = '']) => name);
  throw new InvalidResourceError(
    `spec.${first} has no place in an item: the plug-in's options do not map it${meantOrKnown(first, [...new Set(names)])}`,
  );
}
