import { getKey, isList, isObject, type Json, type JsonObject, type Path, typeName } from '../../kernel/index.js';
import type { Collection } from './collection.js';

/** What a collection's pointer leads to in a document. */
export type Container =
  | { readonly type: 'there'; readonly value: JsonObject | readonly Json[]; readonly path: Path }
  /** Nothing, or null: made with the first item. */
  | { readonly type: 'missing' }
  /** Something else stands where the container should be, or on the way to it. */
  | { readonly type: 'blocked'; readonly path: Path; readonly reason: string };

const INDEX = /^(?:0|[1-9]\d*)$/;

/** Follows a collection's pointer through a document. */
export function findContainer({ path, container }: Collection, root: Json | undefined): Container {
  let here = root;
  const way: (string | number)[] = [];
  for (const segment of path) {
    if (here === undefined || here === null) return { type: 'missing' };
    if (isList(here)) {
      const index = INDEX.test(segment) ? Number(segment) : -1;
      if (here[index] === undefined) return blocked(way, `the list has no item "${segment}"`);
      way.push(index);
      here = here[index];
    } else {
      if (!isObject(here)) return blocked(way, `a ${typeName(here)} stands where a mapping is expected`);
      way.push(segment);
      here = getKey(here, segment);
    }
  }
  if (here === undefined || here === null) return { type: 'missing' };
  if (container === 'list' ? isList(here) : isObject(here)) {
    return { type: 'there', value: here as JsonObject | readonly Json[], path: way };
  }
  return blocked(way, `a ${typeName(here)} stands where a ${container} is expected (container: ${container})`);
}

/** The document with the container in its place; what is missing on the way is made. For pointers that are not blocked. */
export function withContainer(root: Json | undefined, path: readonly string[], container: Json): Json {
  const [first, ...rest] = path;
  if (first === undefined) return container;
  if (isList(root)) return root.with(Number(first), withContainer(root[Number(first)], rest, container));
  const members = isObject(root) ? root : {};
  return { ...members, [first]: withContainer(getKey(members, first), rest, container) };
}

function blocked(path: Path, reason: string): Container {
  return { type: 'blocked', path, reason };
}
