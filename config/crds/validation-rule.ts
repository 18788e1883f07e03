import { getKey, isList, type JsonObject } from '../../kernel/index.js';

/** A rule in CEL about the value that a schema describes: true when all is well. */
export interface ValidationRule {
  readonly rule: string;
  readonly message: string;
}

/** The schema with more rules. */
export function withRules(schema: JsonObject, rules: readonly ValidationRule[]): JsonObject {
  if (rules.length === 0) return schema;
  const before = getKey(schema, 'x-kubernetes-validations');
  return {
    ...schema,
    'x-kubernetes-validations': [...(isList(before) ? before : []), ...rules.map((one) => ({ ...one }))],
  };
}

/** Words of CEL that are fields of ours; rules read such a field by another name. */
const RESERVED: ReadonlySet<string> = new Set(['namespace', 'return']);

/** A field of the value, as rules read it. */
export function fieldOf(name: string, base = 'self'): string {
  return `${base}.${RESERVED.has(name) ? `__${name}__` : name}`;
}

/** How many of the fields are there, as a list of booleans in CEL. */
export function presences(names: readonly string[]): string {
  return `[${names.map((name) => `has(${fieldOf(name)})`).join(', ')}]`;
}
