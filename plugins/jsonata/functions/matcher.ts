import type { Evaluation } from '../evaluation/evaluation.js';
import { Fault } from '../fault.js';
import { isMapping, kindOf, type Value } from '../values/kinds.js';
import { type Definition, definition, evaluationOf } from './builtin.js';
import { LinearRegExp } from './linear-reg-exp.js';

/** How many characters times instructions of the pattern one step pays for. */
const WORK_PER_STEP = 4;

/** How much less later searches in one text are charged, as they mostly end long before its end. */
const LATER_SEARCHES = 64;

/** One match, in the shape by which JSONata passes it between functions. */
export interface Match {
  readonly match: string;
  readonly start: number;
  readonly end: number;
  readonly groups: readonly string[];
  readonly next: () => Value;
}

/** A regular expression of the source as the function that JSONata has it be. @throws Fault when RE2 does not know it */
export function matcherOf(pattern: RegExp): Definition {
  const { size } = new LinearRegExp(pattern);
  return definition(1, 1, (focus, [text]) => {
    const evaluation = evaluationOf(focus);
    if (text === undefined) return undefined;
    if (typeof text !== 'string') throw new Fault(`a regular expression matches a string, not ${kindOf(text)}`);
    evaluation.spend(1 + Math.floor((text.length * size) / WORK_PER_STEP));
    return search(new LinearRegExp(pattern), text, evaluation);
  });
}

function search(pattern: LinearRegExp, text: string, evaluation: Evaluation): Match | undefined {
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const [match = '', ...groups] = found;
  const end = found.index + match.length;
  const next = (): Match | undefined => {
    if (end >= text.length) return undefined;
    evaluation.spend(1 + Math.floor(((text.length - end) * pattern.size) / (WORK_PER_STEP * LATER_SEARCHES)));
    // Past an empty match the search goes on with the next character, as it would never end otherwise.
    pattern.lastIndex = match === '' ? end + 1 : end;
    return search(pattern, text, evaluation);
  };
  return Object.assign(Object.create(null), { match, start: found.index, end, groups, next });
}

/** All matches of a matcher, up to a number of them; the matcher may be any function that keeps to the protocol. */
export async function* matchesOf(
  matcher: (text: string) => Value,
  text: string,
  limit: number,
  evaluation: Evaluation,
): AsyncGenerator<Match> {
  let found = await matcher(text);
  for (let count = 0; count < limit && found !== undefined; count++) {
    evaluation.spend(1);
    await evaluation.turn();
    if (!isMatch(found))
      throw new Fault('a function that matches must give `match`, `start`, `end`, `groups` and `next`');
    yield found;
    found = await found.next();
  }
}

function isMatch(value: Value): value is Match {
  if (!isMapping(value)) return false;
  const { match, start, end, groups, next } = value as Partial<Match>;
  if (typeof match !== 'string' || typeof next !== 'function' || !Array.isArray(groups)) return false;
  return Number.isInteger(start) && Number.isInteger(end) && groups.every((group) => typeof group === 'string');
}
