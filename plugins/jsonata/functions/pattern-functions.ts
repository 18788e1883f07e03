import { indexOfText, searchSteps, textSteps } from '../../../kernel/plugin.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { Fault } from '../fault.js';
import { isFunctionValue, kindOf, sequenceOf, type Value } from '../values/kinds.js';
import type { Builtin, BuiltinParameter, Focus } from './builtin.js';
import { callable } from './call-function.js';
import { type Match, matchesOf } from './matcher.js';

const TEXT: BuiltinParameter = { name: 'text', type: 'string', context: true };
const PATTERN: BuiltinParameter = { name: 'pattern', type: 'matcher' };
const LIMIT: BuiltinParameter = { name: 'limit', type: 'number', optional: true };

/** The functions of text that take a string or a regular expression. */
export const patternFunctions: readonly Builtin[] = [
  {
    name: 'contains',
    parameters: [TEXT, { name: 'part', type: 'matcher' }],
    call: async ([text, part], evaluation, focus) => {
      const first = await piecesOf(text as string, part, 1, evaluation, focus).next();
      return first.done === false;
    },
  },
  {
    name: 'match',
    parameters: [TEXT, { name: 'pattern', type: 'function' }, LIMIT],
    call: async ([text, pattern, limit], evaluation, focus) => {
      const matches: Value[] = [];
      for await (const piece of piecesOf(text as string, pattern, limitOf('match', limit), evaluation, focus)) {
        evaluation.budget.checkItems(matches.length + 1);
        const { groups, match, start: index } = piece;
        matches.push(Object.assign(Object.create(null), { match, index, groups }));
      }
      return sequenceOf(matches);
    },
  },
  {
    name: 'split',
    parameters: [TEXT, { ...PATTERN, name: 'separator' }, LIMIT],
    call: async ([given, separator, limit], evaluation, focus) => {
      const text = given as string;
      // Parts between strings are counted in whole numbers, as JavaScript does.
      const atMost = limitOf('split', limit);
      const most = typeof separator === 'string' ? Math.floor(atMost) : atMost;
      if (separator === '') return characters(text, most, evaluation);
      const parts: string[] = [];
      let from = 0;
      for await (const { end, start } of piecesOf(text, separator, most, evaluation, focus)) {
        evaluation.budget.checkItems(parts.length + 1);
        parts.push(text.slice(from, start));
        from = end;
      }
      if (parts.length < most) parts.push(text.slice(from));
      return parts;
    },
  },
  {
    name: 'replace',
    parameters: [TEXT, PATTERN, { name: 'replacement', type: 'matcher' }, LIMIT],
    call: async ([given, pattern, replacement, limit], evaluation, focus) => {
      if (pattern === '') throw new Fault('$replace: `pattern` must not be an empty string');
      const text = given as string;
      const most = limitOf('replace', limit);
      let result = '';
      let from = 0;
      for await (const piece of piecesOf(text, pattern, most, evaluation, focus)) {
        const put = await replaced(piece, pattern, replacement, focus);
        evaluation.budget.checkString(result.length + (piece.start - from) + put.length);
        evaluation.spend(textSteps(piece.start - from + put.length));
        result += text.slice(from, piece.start) + put;
        from = piece.end;
      }
      evaluation.budget.checkString(result.length + text.length - from);
      return result + text.slice(from);
    },
  },
];

function limitOf(name: string, limit: Value): number {
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  if ((limit as number) < 0) throw new Fault(`$${name}: \`limit\` must not be negative`);
  return limit as number;
}

/** Where the pattern is found in the text, from left to right. */
function piecesOf(
  text: string,
  pattern: Value,
  limit: number,
  evaluation: Evaluation,
  focus: Focus,
): AsyncIterator<Match> & AsyncIterable<Match> {
  if (isFunctionValue(pattern)) {
    const matcher = callable(pattern, focus);
    return matchesOf((searched) => matcher.call(searched), text, limit, evaluation);
  }
  return literalMatches(text, pattern as string, limit, evaluation);
}

async function* literalMatches(
  text: string,
  part: string,
  limit: number,
  evaluation: Evaluation,
): AsyncGenerator<Match> {
  evaluation.spend(searchSteps(text.length, part.length));
  let start = indexOfText(text, part);
  for (let count = 0; count < limit && start !== -1; count++) {
    evaluation.spend(1);
    const turn = evaluation.turn();
    if (turn !== undefined) await turn;
    const end = start + part.length;
    yield { match: part, start, end, groups: [], next: () => undefined };
    start = part === '' ? -1 : indexOfText(text, part, end);
  }
}

/** All characters, as parts of a text that is split at nothing. */
function characters(text: string, most: number, evaluation: Evaluation): string[] {
  const all = text.split('');
  const kept = all.slice(0, most);
  evaluation.budget.checkItems(kept.length);
  evaluation.spend(1 + Math.floor(all.length / 8));
  return kept;
}

async function replaced(piece: Match, pattern: Value, replacement: Value, focus: Focus): Promise<string> {
  if (typeof replacement === 'string') {
    return typeof pattern === 'string' ? replacement : substituted(replacement, piece);
  }
  const { groups, match, start } = piece;
  const result = await callable(replacement, focus).call(Object.assign(Object.create(null), { match, start, groups }));
  if (typeof result !== 'string') throw new Fault(`$replace: the function must give a string, not ${kindOf(result)}`);
  return result;
}

/** Fills in `$0`, `$1`, …: as many digits count as there are groups; `$$` is a dollar sign. */
function substituted(replacement: string, { groups, match }: Match): string {
  return replacement.replace(/\$(\$|\d+)?/g, (written, after: string | undefined) => {
    if (after === undefined) return written;
    if (after === '$') return '$';
    if (after.startsWith('0')) return match + after.slice(1);
    if (groups.length === 0) return after.slice(1);
    let digits = String(groups.length).length;
    if (digits > 1 && Number(after.slice(0, digits)) > groups.length) digits -= 1;
    const number = after.slice(0, digits);
    return (groups[Number(number) - 1] ?? '') + after.slice(number.length);
  });
}
