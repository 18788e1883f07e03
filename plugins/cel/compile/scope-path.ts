import { formatPath, getKey, type Path } from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import { TypeValue } from '../values/type-value.js';
import type { Value } from '../values/value.js';
import type { Frame, Operation } from './frame.js';
import { fieldOf, itemOf, type MemberPlace, missingField, missingItem } from './member.js';

/** How many names of the scope a complaint shows. */
const NAMES_SHOWN = 10;

/** How many parts a name of the scope that has dots in it may have. */
const LONGEST_NAME = 16;

/** Names that mean a type where the scope has nothing of that name. */
const TYPES: ReadonlyMap<string, Value> = new Map(
  [
    'bool',
    'bytes',
    'double',
    'int',
    'list',
    'map',
    'null_type',
    'string',
    'type',
    'uint',
    'google.protobuf.Duration',
    'google.protobuf.Timestamp',
  ].map((name) => [name, new TypeValue(name)]),
);

/** Whether a path of fields is the name of a type. */
export function isTypeName(path: Path): boolean {
  return TYPES.has(path.join('.'));
}

/** A constant path from a name of the scope, with the place of each of its parts in the source. */
export interface ScopePath {
  readonly path: Path;
  readonly places: readonly number[];
}

/** Reads a path, as it is. @throws Fault that names what is missing as the author wrote it */
export function pathOperation(scopePath: ScopePath): Operation {
  const { path } = scopePath;
  const name = String(path[0]);
  // It may come to mean the type, which is not JSON.
  const json = !isTypeName(path);
  return {
    evaluate: (frame) => {
      const root: Value | undefined = getKey(frame.scope, name);
      if (root === undefined) return readQualified(frame, scopePath);
      return path.length === 1 ? root : follow(frame, root, scopePath, 1);
    },
    plain: json,
    borrowed: json,
    size: path.length,
  };
}

/** The value at a constant path; undefined where it leads nowhere. */
export function findPath(frame: Frame, path: Path): Value | undefined {
  let value: Value | undefined = getKey(frame.scope, String(path[0]));
  let from = 1;
  if (value === undefined) ({ value, from } = longestName(frame, path));
  for (let index = from; value !== undefined && index < path.length; index++) {
    value = memberOf(value, path[index] ?? 0, frame);
  }
  return value;
}

function follow(frame: Frame, root: Value, { path, places }: ScopePath, from: number): Value {
  let value = root;
  for (let index = from; index < path.length; index++) {
    const key = path[index] ?? 0;
    const next = memberOf(value, key, frame);
    if (next === undefined) {
      const owner = `\`${formatPath(path.slice(0, index))}\``;
      throw missing(value, key, { at: places[index] ?? 0, owner: () => owner });
    }
    value = next;
  }
  return value;
}

function memberOf(value: Value, key: string | number, { budget }: Frame): Value | undefined {
  return typeof key === 'string' ? fieldOf(value, key) : itemOf(value, key, budget);
}

function missing(value: Value, key: string | number, place: MemberPlace): Fault {
  return typeof key === 'string' ? missingField(value, key, place) : missingItem(value, key, place, String(key));
}

/** Where the first name is not in scope, a longer one with dots in it may be, or the name of a type. */
function readQualified(frame: Frame, scopePath: ScopePath): Value {
  const { path, places } = scopePath;
  const { value, from } = longestName(frame, path);
  if (value !== undefined) return follow(frame, value, scopePath, from);
  const type = TYPES.get(path.join('.'));
  if (type !== undefined) return type;
  const names = Object.keys(frame.scope)
    .slice(0, NAMES_SHOWN)
    .map((name) => `\`${name}\``);
  const inScope = names.length === 0 ? 'nothing is in scope' : `in scope: ${names.join(', ')}`;
  throw new Fault(`undeclared name \`${path[0]}\` (${inScope})`, places[0]);
}

function longestName(frame: Frame, path: Path): { value: Value | undefined; from: number } {
  for (let length = Math.min(path.length, LONGEST_NAME); length > 1; length--) {
    const name = path.slice(0, length).join('.');
    const value = getKey(frame.scope, name);
    if (value !== undefined) return { value, from: length };
  }
  return { value: undefined, from: 1 };
}
