import test from 'ava';
import { DEFAULT_DOCUMENT_LIMITS, type ExpressionEngine, ExpressionSyntaxError } from 'koreo-kernel';
import { LruProgramCache } from '../../../kernel/language/program-cache.js';
import { definitionText, prepareContext, problemsIn } from '../../support/prepare.js';

const library = new Map();

/** An engine that tells what it compiled. */
function loggingEngine(log: string[], language = 'log'): ExpressionEngine {
  return {
    language,
    compile: (source) => {
      log.push(`${language} ${source}`);
      if (source === 'bad') throw new ExpressionSyntaxError('bad');
      return { source, reads: [], evaluate: () => null };
    },
  };
}

test('equal sources of one language share a program', (t) => {
  const log: string[] = [];
  const cache = new LruProgramCache(DEFAULT_DOCUMENT_LIMITS);
  const [one, two] = [loggingEngine(log, 'one'), loggingEngine(log, 'two')];
  t.is(cache.compile(one, 'a', library), cache.compile(one, 'a', library));
  t.not(cache.compile(one, 'a', library), cache.compile(two, 'a', library));
  t.deepEqual(log, ['one a', 'two a']);
});

test('what was used longest ago is let go of first', (t) => {
  const log: string[] = [];
  const cache = new LruProgramCache(DEFAULT_DOCUMENT_LIMITS, 2);
  const engine = loggingEngine(log);
  for (const source of ['a', 'b', 'a', 'c', 'a', 'b']) cache.compile(engine, source, library);
  t.deepEqual(log, ['log a', 'log b', 'log c', 'log b']);
});

test('failures are not kept', (t) => {
  const log: string[] = [];
  const cache = new LruProgramCache(DEFAULT_DOCUMENT_LIMITS);
  const engine = loggingEngine(log);
  for (let time = 0; time < 2; time += 1) t.throws(() => cache.compile(engine, 'bad', library));
  t.deepEqual(log, ['log bad', 'log bad']);
});

test('the configured limit on nesting reaches the engine', (t) => {
  const nested = (depth: number): string => `return: {a: "=${'('.repeat(depth)}1${')'.repeat(depth)}"}`;
  t.deepEqual(problemsIn(definitionText('ValueFunction', nested(150))), []);
  t.is(problemsIn(definitionText('ValueFunction', nested(250))).length, 1);
  const limits = { ...DEFAULT_DOCUMENT_LIMITS, expressionNesting: 20 };
  const context = { ...prepareContext(), programs: new LruProgramCache(limits), limits };
  t.is(problemsIn(definitionText('ValueFunction', nested(10)), context).length, 0);
  t.regex(problemsIn(definitionText('ValueFunction', nested(30)), context).join(), /limits\.expressionNesting/);
});
