import type { RE2JS } from 're2js';
import { type Budget, linearPatterns, patternExcess, patternSize, textSteps } from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import type { Value } from '../values/value.js';
import { type CelFunction, wrongArguments } from './cel-function.js';

/** How many steps making an instruction takes. */
const STEPS_PER_INSTRUCTION = 12;

/** How many characters times instructions of the pattern's program one evaluation step pays for. */
const WORK_PER_STEP = 16;

/** `text.matches(pattern)`, with RE2's syntax, which runs in linear time whatever the pattern. */
export const matchesFunction: CelFunction = {
  name: 'matches',
  arity: 2,
  call: (args, budget) => {
    const [, pattern] = args;
    if (typeof pattern !== 'string') throw wrongArguments('matches', args);
    checkPattern(pattern);
    budget.spend(STEPS_PER_INSTRUCTION * patternSize(pattern));
    return test(args, compile(pattern), budget);
  },
  specialize: ([, pattern]) => {
    if (typeof pattern !== 'string') return undefined;
    checkPattern(pattern);
    const compiled = compile(pattern);
    return (args, budget) => test(args, compiled, budget);
  },
};

function test(args: readonly Value[], pattern: RE2JS, budget: Budget): boolean {
  const [text] = args;
  if (typeof text !== 'string') throw wrongArguments('matches', args);
  budget.spend(textSteps(text.length) + Math.floor((text.length * pattern.programSize()) / WORK_PER_STEP));
  return pattern.test(text);
}

function checkPattern(pattern: string): void {
  const excess = patternExcess(pattern);
  if (excess !== undefined) throw new Fault(`the pattern ${excess}`);
}

/** Complaints say what is wrong with a pattern and do not quote it, as it may come from the scope. */
function compile(pattern: string): RE2JS {
  const { RE2JS, RE2JSSyntaxException } = linearPatterns();
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof RE2JSSyntaxException ? `: ${error.getDescription()}` : '';
    throw new Fault(`the pattern is not in RE2 syntax${reason}`);
  }
}
