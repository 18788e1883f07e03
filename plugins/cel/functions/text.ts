import { type Budget, searchSteps, textSteps } from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import { isInt } from '../values/number.js';
import type { Value } from '../values/value.js';
import { type CelFunction, wrongArguments } from './cel-function.js';
import { CodePoints } from './code-points.js';

/** Functions on texts. Positions count characters, and neither bytes nor UTF-16 units. */
export const textFunctions: readonly CelFunction[] = [
  onText('lowerAscii', (text) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase())),
  onText('upperAscii', (text) => text.replace(/[a-z]+/g, (part) => part.toUpperCase())),
  onText('trim', trim),
  search('contains', (text, part) => text.includes(part)),
  search('startsWith', (text, part) => text.startsWith(part)),
  search('endsWith', (text, part) => text.endsWith(part)),
  search('indexOf', (text, part) => new CodePoints(text).indexOfOffset(text, text.indexOf(part))),
  search('lastIndexOf', (text, part) => new CodePoints(text).indexOfOffset(text, text.lastIndexOf(part))),
  searchFrom('indexOf', (text, part, offset) => text.indexOf(part, offset)),
  searchFrom('lastIndexOf', (text, part, offset) => text.lastIndexOf(part, offset)),
  atPositions('charAt', 1, (characters, [index = 0]) => characters.slice(index, index + 1)),
  atPositions('substring', 1, (characters, [start = 0]) => characters.slice(start)),
  atPositions('substring', 2, substring),
];

function onText(name: string, apply: (text: string) => Value): CelFunction {
  return {
    name,
    arity: 1,
    call: (args, budget) => {
      const [text] = args;
      if (typeof text !== 'string') throw wrongArguments(name, args);
      budget.spend(textSteps(text.length));
      return apply(text);
    },
  };
}

function search(name: string, apply: (text: string, part: string) => Value): CelFunction {
  return {
    name,
    arity: 2,
    call: (args, budget) => {
      const [text, part] = args;
      if (typeof text !== 'string' || typeof part !== 'string') throw wrongArguments(name, args);
      budget.spend(searchSteps(text.length, part.length) - 1);
      return apply(text, part);
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
      const characters = new CodePoints(text);
      const index = Number(start);
      if (index < 0 || index >= characters.length) throw new Fault(`${name}: the position is outside of the text`);
      return characters.indexOfOffset(text, find(text, part, characters.offsetOf(index)));
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
      const characters = new CodePoints(text);
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
  while (start < end && isBlank(text.charAt(start))) start++;
  while (end > start && isBlank(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(character: string): boolean {
  return /\p{White_Space}/u.test(character);
}

/** The steps and size checks that are due before text is put together. */
export function checkText(length: number, budget: Budget): void {
  budget.checkString(length);
  budget.spend(textSteps(length));
}
