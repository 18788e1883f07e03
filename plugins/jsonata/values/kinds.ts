import { hasKey } from '../../../kernel/plugin.js';

/** What JSONata works with beyond JSON: nothing at all, functions, and its sequences. */
export type Value = unknown;

/** A list as JSONata makes it: one that unwraps itself when it holds one item, unless it is to be kept. */
export interface Sequence extends Array<Value> {
  sequence?: boolean;
  keepSingleton?: boolean;
}

const LIST_MARKS = ['sequence', 'keepSingleton', 'cons', 'tupleStream', 'outerWrapper', 'push'] as const;

/** Whether the list carries marks of JSONata's, which must never get out. */
export function isMarked(list: readonly Value[]): boolean {
  return LIST_MARKS.some((mark) => hasKey(list, mark));
}

/** A list that unwraps itself when it holds one item, as JSONata's own results do. */
export function sequenceOf(items: Value[]): Sequence {
  return Object.defineProperty(items, 'sequence', { value: true, enumerable: false });
}

/** Whether a list is one that unwraps itself. */
export function isSequence(list: readonly Value[]): list is Sequence {
  return hasKey(list, 'sequence');
}

/** The value as it is once JSONata is done with it: nothing for an empty sequence, and the one item of another. */
export function unwrapped(value: Value): Value {
  if (!Array.isArray(value) || !isSequence(value)) return value;
  return value.length === 0 || (value.length === 1 && value.keepSingleton !== true) ? value[0] : value;
}

/** Whether it is a function of JavaScript or of JSONata. Data can look like the latter, but holds no functions. */
export function isFunctionValue(value: Value): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  const { _jsonata_function: native, _jsonata_lambda: lambda } = value as Record<string, unknown>;
  if (native === true) return typeof (value as { implementation?: unknown }).implementation === 'function';
  return lambda === true && isEnvironment((value as { environment?: unknown }).environment);
}

function isEnvironment(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { lookup?: unknown }).lookup === 'function';
}

const RESERVED_KEYS = ['_jsonata_lambda', '_jsonata_function', 'tupleStream', 'outerWrapper'] as const;

/** The first key of a mapping that JSONata would take for one of its own marks, and so mistake data for something else. */
export function reservedKey(mapping: object): string | undefined {
  const marked = mapping as Record<string, unknown>;
  if (!marked._jsonata_lambda && !marked._jsonata_function && !marked.tupleStream && !marked.outerWrapper) {
    return undefined;
  }
  return isFunctionValue(mapping) ? undefined : RESERVED_KEYS.find((key) => marked[key]);
}

/** Whether the value is a mapping, of JSON or as JSONata makes them, and no function. */
export function isMapping(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isFunctionValue(value);
}

/** The name of a value's type, for messages. */
export function kindOf(value: Value): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (isFunctionValue(value)) return 'function';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'mapping' : typeof value;
}
