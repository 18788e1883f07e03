import { type Json, type JsonObject, setKey } from 'koreo-kernel';
import { fc } from './property.js';

/** Few keys, so that two values often share some; those that are dangerous in JavaScript among them. */
const key = fc.constantFrom('a', 'b', 'metadata', 'ownerReferences', '__proto__', 'constructor', '0', '');

const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom('', 'x', '=y'),
);

const { json, mapping } = fc.letrec<{ json: Json; list: Json[]; mapping: JsonObject }>((tie) => ({
  json: fc.oneof({ maxDepth: 4, withCrossShrink: true }, scalar, tie('list'), tie('mapping')),
  list: fc.array(tie('json'), { maxLength: 3 }),
  mapping: fc.array(fc.tuple(key, tie('json')), { maxLength: 4 }).map(mappingOf),
}));

/** Any JSON value, small. */
export const anyJson = json;
/** Any JSON mapping, small. */
export const anyMapping = mapping;

function mappingOf(entries: readonly (readonly [string, Json])[]): JsonObject {
  const result = {};
  for (const [name, value] of entries) setKey(result, name, value);
  return result;
}
