import { InvalidResourceError, isList, isObject, type Json, type JsonObject } from '../../kernel/index.js';

/**
 * A copy of what a caller gives, so that nothing it does later shows here. Members that are undefined are left out, as
 * JSON.stringify leaves them out. @throws InvalidResourceError for what JSON cannot say, or nested too deep
 */
export function plainJson<T>(given: T, maxDepth: number): T {
  return copy(given, maxDepth) as T;
}

/** How deep a value is nested: 0 for a scalar, 1 for a mapping of scalars. */
export function depthOf(value: Json): number {
  if (isList(value)) return 1 + value.reduce((deepest: number, item) => Math.max(deepest, depthOf(item)), 0);
  if (!isObject(value)) return 0;
  return 1 + Object.values(value).reduce((deepest: number, item) => Math.max(deepest, depthOf(item)), 0);
}

function copy(value: unknown, depthLeft: number): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value !== 'object') throw new InvalidResourceError(`a ${typeof value} that JSON cannot say`);
  if (depthLeft === 0) throw new InvalidResourceError('it is nested deeper than a document may be (maxDepth)');
  if (Array.isArray(value)) return value.map((item: unknown) => copy(item, depthLeft - 1));
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    members.map(([key, item]): [string, Json] => [key, copy(item, depthLeft - 1)]),
  ) as JsonObject;
}
