import {
  ExpressionEvaluationError,
  FunctionError,
  type Json,
  type LibraryFunction,
  type Scope,
  standardLibrary,
} from '../../../plugin.js';
import { type Contract, EngineUnderTest, isExpressionError, isPlainJson } from './harness.js';

/** The library is there under the language's own convention, with its own checks and complaints. */
export function library({ test, dialect }: Contract): void {
  /** A call with the arguments as they are in the scope; undefined where the language cannot write it. */
  const call = (engine: EngineUnderTest, name: string, args: readonly Json[]): string | undefined => {
    const expression = dialect.call(
      name,
      args.map((_, index) => `inputs.a${index}`),
    );
    return expression === undefined ? undefined : engine.whole(expression);
  };

  test('arguments are checked before a function is called, with the same words in every language', async (t) => {
    const { engine, received } = probing(dialect);
    const complaints: readonly (readonly [args: readonly Json[], message: string])[] = [
      [[1, 2], 'probe: `text` must be a string, not number'],
      [[null, 2], 'probe: `text` must be a string, not null'],
      [[['a'], 2], 'probe: `text` must be a string, not list'],
      [['a', 1.5], 'probe: `count` must be an integer, not number'],
      [['a', '2'], 'probe: `count` must be an integer, not string'],
      [['a', {}], 'probe: `count` must be an integer, not mapping'],
    ];
    for (const [args, message] of complaints) {
      const source = call(engine, 'probe', args);
      if (source === undefined) continue;
      const error = await engine.failure(source, scopeOf(args));
      t.is(error.message, message);
      t.true(error instanceof ExpressionEvaluationError);
    }
    t.deepEqual(received, []);
  });

  test('a wrong number of arguments is told, with the name of the function', async (t) => {
    const { engine } = probing(dialect);
    for (const args of [[], ['a'], ['a', 2, 3]]) {
      const source = call(engine, 'probe', args);
      if (source === undefined) continue;
      const error = await engine.failure(source, scopeOf(args));
      t.true(isExpressionError(error), String(error));
      t.regex(error.message, /probe.* takes 2 arguments/);
    }
  });

  test('a function gets plain JSON as it is in the scope, and its result is used as it is', async (t) => {
    const { engine, received } = probing(dialect);
    const values: readonly Json[] = [[], ['one'], [['one']], {}, { a: [1] }, null, 'text', 0, false, [null], [[], {}]];
    for (const value of values) {
      const source = call(engine, 'echo', [value]);
      if (source === undefined) throw new Error('a language has to be able to call a function with one argument');
      t.deepEqual(await engine.evaluate(source, scopeOf([value])), value);
      t.deepEqual(received.at(-1), [value]);
      t.true(isPlainJson(received.at(-1)), JSON.stringify(value));
    }
  });

  test("a function's complaint is an ExpressionEvaluationError with its words", async (t) => {
    const { engine } = probing(dialect);
    const source = call(engine, 'probe', ['a', -1]);
    if (source === undefined) return;
    const error = await engine.failure(source, scopeOf(['a', -1]));
    t.true(error instanceof ExpressionEvaluationError);
    t.is(error.message, 'probe: `count` must not be negative');
  });

  test('a function that the kernel does not have is not there', async (t) => {
    const engine = new EngineUnderTest(dialect, new Map());
    const source = call(engine, 'self_ref', [{}]);
    if (source !== undefined) t.true(isExpressionError(await engine.failure(source, scopeOf([{}]))));
  });
}

/** An engine with two functions more, and the arguments that they were called with. */
function probing(dialect: Contract['dialect']): { engine: EngineUnderTest; received: (readonly Json[])[] } {
  const received: (readonly Json[])[] = [];
  const probe: LibraryFunction = {
    name: 'probe',
    parameters: [
      { name: 'text', type: 'string' },
      { name: 'count', type: 'int' },
    ],
    summary: 'Complains of negative counts.',
    call: ([, count]) => {
      if (Number(count) < 0) throw new FunctionError('probe: `count` must not be negative');
      received.push([]);
      return null;
    },
  };
  const echo: LibraryFunction = {
    name: 'echo',
    parameters: [{ name: 'value', type: 'any' }],
    summary: 'The value.',
    call: (args) => {
      received.push(args);
      return args[0] ?? null;
    },
  };
  const functions = new Map([...standardLibrary(), ['probe', probe], ['echo', echo]] as const);
  return { engine: new EngineUnderTest(dialect, functions), received };
}

function scopeOf(args: readonly Json[]): Scope {
  return { inputs: Object.fromEntries(args.map((arg, index) => [`a${index}`, arg])) };
}
