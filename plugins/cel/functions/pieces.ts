import { type Budget, replaceText, searchSteps, splitText } from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import { isInt } from '../values/number.js';
import { isList, itemAt, type List, lengthOf } from '../values/sequence.js';
import type { Value } from '../values/value.js';
import { type CelFunction, wrongArguments } from './cel-function.js';
import { countCharacters } from './code-points.js';
import { checkText } from './text.js';

/** Texts taken apart and put together. The limit of `split` and `replace` may be negative for none. */
export const pieceFunctions: readonly CelFunction[] = [
  ...[1, 2].map((arity): CelFunction => ({ name: 'join', arity, call: join })),
  ...limited('split', 1, (text, [separator = ''], limit, budget) => {
    budget.spend(searchSteps(text.length, separator.length));
    return splitUpTo(text, separator, limit, budget);
  }),
  ...limited('replace', 2, (text, [old = '', replacement = ''], limit, budget) => {
    budget.spend(searchSteps(text.length, old.length));
    if (old !== '') return replaceText(text, [old, replacement], budget, limit < 0 ? undefined : limit);
    const pieces = emptyPieces(text, limit, budget);
    checkText(text.length + (pieces.length - 1) * replacement.length, budget);
    return pieces.join(replacement);
  }),
];

type Apply = (text: string, parts: readonly string[], limit: number, budget: Budget) => Value;

/** A function of a text and more texts, with or without a limit after them. */
function limited(name: string, parts: number, apply: Apply): CelFunction[] {
  const call = (args: readonly Value[], budget: Budget): Value => {
    const [text, ...rest] = args.slice(0, parts + 1);
    const limit = args[parts + 1] ?? -1;
    const texts = rest.filter((part) => typeof part === 'string');
    if (typeof text !== 'string' || texts.length < parts || !isInt(limit)) throw wrongArguments(name, args);
    return apply(text, texts, Number(limit), budget);
  };
  return [
    { name, arity: parts + 1, call },
    { name, arity: parts + 2, call },
  ];
}

/** At most so many pieces, the last of which holds the rest; all of them for a negative limit. */
function splitUpTo(text: string, separator: string, limit: number, budget: Budget): string[] {
  if (limit === 0) return [];
  if (separator !== '') return splitText(text, separator, budget, limit < 0 ? undefined : limit);
  budget.checkItems(limit < 0 ? countCharacters(text) : Math.min(limit, text.length));
  budget.spend(text.length);
  const pieces = Array.from(text);
  if (limit < 0 || pieces.length <= limit) return pieces;
  return [...pieces.slice(0, limit - 1), pieces.slice(limit - 1).join('')];
}

/** Pieces between which the empty text stands: before, between and after the characters. */
function emptyPieces(text: string, limit: number, budget: Budget): string[] {
  budget.spend(text.length);
  const pieces = ['', ...text, ''];
  if (limit < 0 || pieces.length <= limit + 1) return pieces;
  return [...pieces.slice(0, limit), pieces.slice(limit).join('')];
}

function join(args: readonly Value[], budget: Budget): Value {
  const [list, separator = ''] = args;
  if (!isList(list) || typeof separator !== 'string') throw wrongArguments('join', args);
  const texts = textsOf(list);
  budget.spend(texts.length);
  checkText(
    texts.reduce((length, text) => length + text.length, Math.max(0, texts.length - 1) * separator.length),
    budget,
  );
  return texts.join(separator);
}

function textsOf(list: List): string[] {
  return Array.from({ length: lengthOf(list) }, (_, index) => {
    const item = itemAt(list, index);
    if (typeof item !== 'string') throw new Fault(`join: item ${index} is no string`);
    return item;
  });
}
