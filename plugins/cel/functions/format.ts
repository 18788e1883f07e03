import { type Budget, textSteps } from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import { Bytes } from '../values/bytes.js';
import { entriesOf, isMapping } from '../values/mapping.js';
import { isList, itemAt, lengthOf } from '../values/sequence.js';
import type { Value } from '../values/value.js';
import { type CelFunction, wrongArguments } from './cel-function.js';
import type { CelLibrary } from './cel-library.js';

/** No number, timestamp or type is printed longer, nor are the signs around a list. */
const SCALAR_LENGTH = 500;

/** Quoting goes over a text one character at a time, which is slower than all else that is done with texts. */
const QUOTE_FACTOR = 48;

/** How many characters are quoted at a time: until it is read, a text keeps all the pieces that it grew from. */
const QUOTED_AT_ONCE = 4_096;

/** What a clause costs beside the size of its value: decimals are printed by locale data that take time to find. */
const CLAUSE_STEPS = 200;

/** `text.format(values)` and `strings.quote(text)`. */
export function formatFunctions(library: CelLibrary): readonly CelFunction[] {
  return [
    { name: 'format', arity: 2, call: (args, budget) => format(args, library, budget) },
    { name: 'strings.quote', arity: 1, call: (args, budget) => quote(args, library, budget) },
  ];
}

function format(args: readonly Value[], library: CelLibrary, budget: Budget): Value {
  const [text, values] = args;
  if (typeof text !== 'string' || !isList(values)) throw wrongArguments('format', args);
  let length = text.length;
  for (let index = 0, end = lengthOf(values); index < end; index++) {
    budget.spend(CLAUSE_STEPS);
    length += printedLength(itemAt(values, index) ?? null, budget);
    budget.checkString(length);
  }
  budget.spend(textSteps(length));
  const result = library.format(text, values);
  if (result === undefined) throw new Fault('format: the clauses and the values do not fit');
  return result;
}

function quote(args: readonly Value[], library: CelLibrary, budget: Budget): Value {
  const [text] = args;
  if (typeof text !== 'string') throw wrongArguments('strings.quote', args);
  budget.checkString(text.length * 2 + 2);
  budget.spend(QUOTE_FACTOR * textSteps(text.length));
  const pieces: string[] = [];
  for (let start = 0; start < text.length; start += QUOTED_AT_ONCE) {
    pieces.push(library.quote(text.slice(start, start + QUOTED_AT_ONCE)).slice(1, -1));
  }
  return `"${pieces.join('')}"`;
}

/** At least the length that a value is printed in, but for hexadecimal, which doubles it. */
function printedLength(value: Value, budget: Budget): number {
  budget.spend(1);
  if (typeof value === 'string') return value.length;
  let length = SCALAR_LENGTH;
  if (isList(value)) {
    for (let index = 0, end = lengthOf(value); index < end; index++) {
      length += printedLength(itemAt(value, index) ?? null, budget);
    }
  } else if (isMapping(value)) {
    for (const [key, item] of entriesOf(value)) length += printedLength(key, budget) + printedLength(item, budget);
  } else if (value instanceof Bytes) {
    length += value.bytes.length;
  }
  return length;
}
