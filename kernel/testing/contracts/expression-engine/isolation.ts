import type { Json } from '../../../plugin.js';
import { type Contract, isExpressionError } from './harness.js';

const NAMES = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'length',
  'then',
];
const GLOBALS = [
  'globalThis',
  'process',
  'require',
  'module',
  'console',
  'Object',
  'Function',
  'eval',
  'this',
  'arguments',
];

/** Nothing but own keys of the scope is reached, and any text is a key like any other. */
export function isolation({ test, dialect }: Contract): void {
  const { owners } = dialect;
  const call = (name: string, args: readonly (string | undefined)[]): string | undefined =>
    args.every((arg) => arg !== undefined) ? dialect.call(name, args) : undefined;
  const has = (owner: string, name: string): string | undefined => dialect.has?.(owner, name);
  const member = (owner: string, name: string): string => dialect.member(owner, name);
  const memberAt = (owner: string, key: string): string => dialect.memberAt(owner, key);
  const text = (value: string): string => dialect.text(value);

  for (const name of NAMES) {
    test(`nothing of JavaScript is reached by the name ${name}`, async (t, engine) => {
      const scope = { inputs: { text: 'text', number: 1, list: [1], mapping: {}, name } };
      for (const owner of owners) {
        const sources = [member(owner, name), memberAt(owner, text(name)), memberAt(owner, 'inputs.name')];
        for (const source of sources.map((one) => engine.whole(one))) {
          const error = await engine.failure(source, scope);
          t.true(isExpressionError(error), `${source}: ${error}`);
        }
        const question = has(owner, name);
        if (question !== undefined) t.is(await engine.evaluate(engine.whole(question), scope), false, question);
      }
      const calls = [call(name, []), call(name, ['inputs.text']), call(name, ['inputs.mapping', text('a')])];
      for (const source of [name, ...(dialect.functions?.includes(name) ? [] : calls)]) {
        if (source !== undefined) t.true(isExpressionError(await engine.failure(engine.whole(source), scope)), source);
      }
    });

    test(`a key ${name} is a key like any other`, async (t, engine) => {
      const inputs: Json = JSON.parse(`{"${name}": {"x": 1}}`);
      const evaluate = async (expression: string): Promise<Json> =>
        engine.evaluate(engine.whole(expression), { inputs });
      t.is(await evaluate(member(member('inputs', name), 'x')), 1);
      t.is(await evaluate(member(memberAt('inputs', text(name)), 'x')), 1);
      const question = has('inputs', name);
      if (question !== undefined) t.is(await evaluate(question), true);
      t.deepEqual(await evaluate('inputs'), inputs);
      const [keys, overlay] = [call('keys', ['inputs']), call('overlay', ['inputs', 'inputs'])];
      if (keys !== undefined) t.deepEqual(await evaluate(keys), [name]);
      if (overlay === undefined) return;
      const merged = await evaluate(overlay);
      t.deepEqual(merged, inputs);
      t.is(Object.getPrototypeOf(merged), Object.prototype);
    });
  }

  for (const name of GLOBALS) {
    test(`${name} is no name of any scope`, async (t, engine) => {
      for (const expression of [name, member(name, 'x'), call(name, [text('x')])]) {
        if (expression === undefined) continue;
        const error = await engine.failure(engine.whole(expression), { inputs: {} });
        t.true(isExpressionError(error), `${expression}: ${error}`);
      }
    });
  }

  test('no prototype is changed by anything in the scope', async (t, engine) => {
    const inputs: Json = JSON.parse(
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    );
    for (const source of [call('overlay', ['inputs', 'inputs']), call('from_json', [call('to_json', ['inputs'])])]) {
      if (source !== undefined) await engine.evaluate(engine.whole(source), { inputs });
    }
    t.false('polluted' in {});
    t.false('polluted' in Function.prototype);
  });
}
