import { type Budget, indexOfText, lastIndexOfText, searchSteps, textSteps } from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import { isInt } from '../values/number.js';
import type { Value } from '../values/value.js';
import { type CelFunction, wrongArguments } from './cel-function.js';
import { CodePoints } from './code-points.js';

/** Functions on texts. Positions count characters, and neither bytes nor UTF-16 units. */
export const textFunctions: readonly CelFunction[] = [
  onText('lowerAscii', (text) => recased(text, LETTERS.upper, 0x20), 6),
  onText('upperAscii', (text) => recased(text, LETTERS.lower, -0x20), 6),
  onText('trim', trim, 1),
  search('contains', (text, part) => indexOfText(text, part) >= 0),
  atEnd('startsWith', (text, part) => text.startsWith(part)),
  atEnd('endsWith', (text, part) => text.endsWith(part)),
  search('indexOf', (text, part, budget) => new CodePoints(text, budget).indexOfOffset(indexOfText(text, part))),
  search('lastIndexOf', (text, part, budget) => {
    return new CodePoints(text, budget).indexOfOffset(lastIndexOfText(text, part));
  }),
  searchFrom('indexOf', indexOfText),
  searchFrom('lastIndexOf', lastIndexOfText),
  atPositions('charAt', 1, (characters, [index = 0]) => characters.slice(index, index + 1)),
  atPositions('substring', 1, (characters, [start = 0]) => characters.slice(start)),
  atPositions('substring', 2, substring),
];

/** `factor`: how much longer it takes than going over a text once. */
function onText(name: string, apply: (text: string) => Value, factor: number): CelFunction {
  return {
    name,
    arity: 1,
    call: (args, budget) => {
      const [text] = args;
      if (typeof text !== 'string') throw wrongArguments(name, args);
      budget.spend(factor * textSteps(text.length));
      return apply(text);
    },
  };
}

/** A comparison with one end of a text. Both texts may have to be put together from what they were made of. */
function atEnd(name: string, apply: (text: string, part: string) => boolean): CelFunction {
  return onTexts(name, (text, part) => textSteps(text.length + part.length), apply);
}

function search(name: string, apply: (text: string, part: string, budget: Budget) => Value): CelFunction {
  return onTexts(name, (text, part) => searchSteps(text.length, part.length), apply);
}

/** `steps`: what a call costs, the step of the call itself among them. */
function onTexts(
  name: string,
  steps: (text: string, part: string) => number,
  apply: (text: string, part: string, budget: Budget) => Value,
): CelFunction {
  return {
    name,
    arity: 2,
    call: (args, budget) => {
      const [text, part] = args;
      if (typeof text !== 'string' || typeof part !== 'string') throw wrongArguments(name, args);
      budget.spend(steps(text, part) - 1);
      return apply(text, part, budget);
    },
  };
}

function searchFrom(name: string, find: (text: string, part: string, offset: number) => number): CelFunction {
  return {
    name,
    arity: 3,
    call: (args, budget) => {
      const [text, part, start] = args;
      if (typeof text !== 'string' || typeof part !== 'string' || !isInt(start)) throw wrongArguments(name, args);
      budget.spend(searchSteps(text.length, part.length));
      const characters = new CodePoints(text, budget);
      const index = Number(start);
      if (index < 0 || index >= characters.length) throw new Fault(`${name}: the position is outside of the text`);
      return characters.indexOfOffset(find(text, part, characters.offsetOf(index)));
    },
  };
}

/** A function of a text and positions in it, its end included. */
function atPositions(
  name: string,
  count: number,
  apply: (characters: CodePoints, positions: readonly number[]) => Value,
): CelFunction {
  return {
    name,
    arity: count + 1,
    call: (args, budget) => {
      const [text, ...rest] = args;
      if (typeof text !== 'string' || !rest.every(isInt)) throw wrongArguments(name, args);
      budget.spend(textSteps(text.length));
      const characters = new CodePoints(text, budget);
      const positions = rest.map(Number);
      if (positions.some((position) => position < 0 || position > characters.length)) {
        throw new Fault(`${name}: the position is outside of the text`);
      }
      return apply(characters, positions);
    },
  };
}

function substring(characters: CodePoints, [start = 0, end = 0]: readonly number[]): Value {
  if (start > end) throw new Fault('substring: the start is after the end');
  return characters.slice(start, end);
}

/** Without the white space, as Unicode has it, at both ends. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Unicode's property `White_Space`. */
function isBlank(unit: number): boolean {
  if (unit <= 0xa0) return (unit >= 0x09 && unit <= 0x0d) || unit === 0x20 || unit === 0x85 || unit === 0xa0;
  if (unit >= 0x2000 && unit <= 0x200a) return true;
  return unit === 0x1680 || unit === 0x2028 || unit === 0x2029 || unit === 0x202f || unit === 0x205f || unit === 0x3000;
}

const LETTERS = { upper: [0x41, 0x5a], lower: [0x61, 0x7a] } as const;

/** The text with the letters of a range moved by so much. */
function recased(text: string, [first, last]: readonly [number, number], by: number): string {
  const units = new Uint16Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    units[index] = unit >= first && unit <= last ? unit + by : unit;
  }
  return Buffer.from(units.buffer).toString('utf16le');
}

/** The steps and size checks that are due before text is put together. */
export function checkText(length: number, budget: Budget): void {
  budget.checkString(length);
  budget.spend(textSteps(length));
}
