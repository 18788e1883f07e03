import type { Budget } from '../contracts/budget.js';
import { FunctionError, type LibraryFunction, type Parameter } from '../contracts/function-library.js';
import type { Json } from '../model/json.js';
import { indexOfText, lastIndexOfText, replaceText, searchSteps, splitText } from './text-search.js';
import { textSteps } from './text-steps.js';

const TEXT: Parameter = { name: 'text', type: 'string' };
const CHARACTERS: Parameter = { name: 'characters', type: 'string' };
const SEPARATOR: Parameter = { name: 'separator', type: 'string' };

/** How many characters are looked up among those to strip for the price of one step. */
const STRIPPED_PER_STEP = 4;

/** Functions on text. */
export const textFunctions: readonly LibraryFunction[] = [
  recase('lower', 'Unicode lower case.', (text) => text.toLowerCase()),
  recase('toLower', 'Unicode lower case.', (text) => text.toLowerCase()),
  recase('toUpper', 'Unicode upper case.', (text) => text.toUpperCase()),
  {
    name: 'strip',
    parameters: [TEXT, CHARACTERS],
    summary: 'The text without any of the characters at both ends.',
    call: ([text, characters], budget) => strip(string(text), string(characters), 'both', budget),
  },
  {
    name: 'rstrip',
    parameters: [TEXT, CHARACTERS],
    summary: 'The text without any of the characters at its right end.',
    call: ([text, characters], budget) => strip(string(text), string(characters), 'right', budget),
  },
  {
    name: 'split',
    parameters: [TEXT, SEPARATOR],
    summary: 'The parts of the text between separators.',
    call: ([text, separator], budget) => split(string(text), string(separator), budget),
  },
  {
    name: 'split_first',
    parameters: [TEXT, SEPARATOR],
    summary: 'The part before the first separator; the whole text when there is none.',
    call: ([text, separator], budget) => {
      const at = find(string(text), string(separator), 'first', budget);
      return at < 0 ? string(text) : string(text).slice(0, at);
    },
  },
  {
    name: 'split_last',
    parameters: [TEXT, SEPARATOR],
    summary: 'The part after the last separator; the whole text when there is none.',
    call: ([text, separator], budget) => {
      const at = find(string(text), string(separator), 'last', budget);
      return at < 0 ? string(text) : string(text).slice(at + string(separator).length);
    },
  },
  {
    name: 'split_index',
    parameters: [TEXT, SEPARATOR, { name: 'index', type: 'int' }],
    summary: 'One of the parts between separators; a negative index counts from the end. Empty text gives empty text.',
    call: ([text, separator, index], budget) => {
      const parts = split(string(text), string(separator), budget);
      if (text === '') return '';
      const part = parts.at(Number(index));
      if (part === undefined) throw new FunctionError('index out of bounds on split');
      return part;
    },
  },
  {
    name: 'replace',
    parameters: [TEXT, { name: 'old', type: 'string' }, { name: 'new', type: 'string' }],
    summary: 'The text with every occurrence of one text replaced by another.',
    call: ([text, old, replacement], budget) => replace(string(text), string(old), string(replacement), budget),
  },
];

function recase(name: string, summary: string, change: (text: string) => string): LibraryFunction {
  return {
    name,
    parameters: [TEXT],
    summary,
    call: ([text], budget) => {
      budget.spend(textSteps(string(text).length));
      const changed = change(string(text));
      budget.checkString(changed.length);
      return changed;
    },
  };
}

function strip(text: string, characters: string, ends: 'both' | 'right', budget: Budget): string {
  budget.spend(textSteps(text.length) + Math.floor(characters.length / STRIPPED_PER_STEP));
  const unwanted = new Set(characters);
  let start = 0;
  let end = text.length;
  for (let count = 1; ends === 'both' && start < end; count++) {
    const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
    if (!unwanted.has(character)) break;
    start += character.length;
    if (count % STRIPPED_PER_STEP === 0) budget.spend(1);
  }
  for (let count = 1; end > start; count++) {
    const character = lastCharacter(text, end);
    if (!unwanted.has(character)) break;
    end -= character.length;
    if (count % STRIPPED_PER_STEP === 0) budget.spend(1);
  }
  return text.slice(start, end);
}

function lastCharacter(text: string, end: number): string {
  const pair = text.codePointAt(end - 2) ?? 0;
  return pair > 0xffff ? String.fromCodePoint(pair) : text.slice(end - 1, end);
}

function split(text: string, separator: string, budget: Budget): string[] {
  if (separator === '') throw new FunctionError('split separator may not be empty');
  budget.spend(searchSteps(text.length, separator.length));
  return splitText(text, separator, budget);
}

function find(text: string, separator: string, which: 'first' | 'last', budget: Budget): number {
  if (separator === '') throw new FunctionError('split separator may not be empty');
  budget.spend(searchSteps(text.length, separator.length));
  return which === 'first' ? indexOfText(text, separator) : lastIndexOfText(text, separator);
}

function replace(text: string, old: string, replacement: string, budget: Budget): string {
  budget.spend(searchSteps(text.length, old.length));
  if (old !== '') return replaceText(text, [old, replacement], budget);
  const pieces = characterPieces(text, budget);
  const size = text.length + (pieces.length - 1) * replacement.length;
  budget.checkString(size);
  budget.spend(textSteps(size));
  return pieces.join(replacement);
}

/** Pieces between which the empty text stands: before, between and after all characters. */
function characterPieces(text: string, budget: Budget): string[] {
  budget.spend(text.length);
  return ['', ...text, ''];
}

function string(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
