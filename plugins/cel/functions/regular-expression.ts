import { RE2JS, RE2JSSyntaxException } from 're2js';
import { Fault } from '../fault.js';
import { type CelFunction, wrongArguments } from './cel-function.js';

/** Patterns that are longer are refused. */
const LONGEST_PATTERN = 1000;

/** How many characters times instructions of the pattern's program one evaluation step pays for. */
const WORK_PER_STEP = 16;

/** `text.matches(pattern)`, with RE2's syntax, which runs in linear time whatever the pattern. */
export const matchesFunction: CelFunction = {
  name: 'matches',
  arity: 2,
  check: ([, pattern]) => {
    if (typeof pattern === 'string') compile(pattern);
  },
  call: (args, budget) => {
    const [text, pattern] = args;
    if (typeof text !== 'string' || typeof pattern !== 'string') throw wrongArguments('matches', args);
    budget.spend(pattern.length);
    const compiled = compile(pattern);
    budget.spend(Math.floor((text.length * compiled.programSize()) / WORK_PER_STEP));
    return compiled.test(text);
  },
};

/** Complaints say what is wrong with a pattern and do not quote it, as it may come from the scope. */
function compile(pattern: string): RE2JS {
  if (pattern.length > LONGEST_PATTERN) throw new Fault(`the pattern is longer than ${LONGEST_PATTERN} characters`);
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof RE2JSSyntaxException ? `: ${error.getDescription()}` : '';
    throw new Fault(`the pattern is not in RE2 syntax${reason}`);
  }
}
