import { formatPath, getKey, type Path } from '../../../kernel/index.js';
import { Fault } from '../fault.js';
import { TypeValue } from '../values/type-value.js';
import type { Value } from '../values/value.js';
import type { Frame, Operation } from './frame.js';
import { fieldOf, itemOf, type MemberPlace, missingField, missingItem } from './member.js';

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

/** Reads a constant path from a name of the scope, as it is. */
export function pathOperation(path: Path, at: number): Operation {
  return { evaluate: (frame) => readPath(frame, path, at), plain: true, borrowed: true, size: path.length };
}

/** @throws Fault that names what is missing as the author wrote it */
function readPath(frame: Frame, path: Path, at: number): Value {
  const root: Value | undefined = getKey(frame.scope, String(path[0]));
  if (root === undefined) return readQualified(frame, path, at);
  return path.length === 1 ? root : follow(root, path, 1, at);
}

/** The value at a constant path; undefined where it leads nowhere. */
export function findPath(frame: Frame, path: Path): Value | undefined {
  let value: Value | undefined = getKey(frame.scope, String(path[0]));
  let from = 1;
  if (value === undefined) ({ value, from } = longestName(frame, path));
  for (let index = from; value !== undefined && index < path.length; index++) value = memberOf(value, path[index] ?? 0);
  return value;
}

function follow(root: Value, path: Path, from: number, at: number): Value {
  let value = root;
  for (let index = from; index < path.length; index++) {
    const key = path[index] ?? 0;
    const next = memberOf(value, key);
    if (next === undefined) throw missing(value, key, { at, owner: `\`${formatPath(path.slice(0, index))}\`` });
    value = next;
  }
  return value;
}

function memberOf(value: Value, key: string | number): Value | undefined {
  return typeof key === 'string' ? fieldOf(value, key) : itemOf(value, key);
}

function missing(value: Value, key: string | number, place: MemberPlace): Fault {
  return typeof key === 'string' ? missingField(value, key, place) : missingItem(value, key, place, String(key));
}

/** Where the first name is not in scope, a longer one with dots in it may be, or the name of a type. */
function readQualified(frame: Frame, path: Path, at: number): Value {
  const { value, from } = longestName(frame, path);
  if (value !== undefined) return follow(value, path, from, at);
  const type = TYPES.get(path.join('.'));
  if (type !== undefined) return type;
  const names = Object.keys(frame.scope)
    .slice(0, 10)
    .map((name) => `\`${name}\``);
  const inScope = names.length === 0 ? 'nothing is in scope' : `in scope: ${names.join(', ')}`;
  throw new Fault(`undeclared name \`${path[0]}\` (${inScope})`, at);
}

function longestName(frame: Frame, path: Path): { value: Value | undefined; from: number } {
  for (let length = path.length; length > 1; length--) {
    const name = path.slice(0, length).join('.');
    const value = getKey(frame.scope, name);
    if (value !== undefined) return { value, from: length };
  }
  return { value: undefined, from: 1 };
}
