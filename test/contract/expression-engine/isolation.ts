import type { Json } from 'koreo-kernel';
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
  const { call, has, member, memberAt, owners, text } = dialect;

  for (const name of NAMES) {
    test(`nothing of JavaScript is reached by the name ${name}`, async (t, engine) => {
      const scope = { inputs: { text: 'text', number: 1, list: [1], mapping: {}, name } };
      for (const owner of owners) {
        const sources = [member(owner, name), memberAt(owner, text(name)), memberAt(owner, 'inputs.name')];
        for (const source of sources) {
          const error = await engine.failure(source, scope);
          t.true(isExpressionError(error), `${source}: ${error}`);
        }
        const question = has(owner, name);
        if (question !== undefined) t.is(await engine.evaluate(question, scope), false, question);
      }
      const calls = [call(name, []), call(name, ['inputs.text']), call(name, ['inputs.mapping', text('a')])];
      for (const source of [name, ...(dialect.functions?.includes(name) ? [] : calls)]) {
        t.true(isExpressionError(await engine.failure(source, scope)), source);
      }
    });

    test(`a key ${name} is a key like any other`, async (t, engine) => {
      const inputs: Json = JSON.parse(`{"${name}": {"x": 1}}`);
      t.is(await engine.evaluate(member(member('inputs', name), 'x'), { inputs }), 1);
      t.is(await engine.evaluate(member(memberAt('inputs', text(name)), 'x'), { inputs }), 1);
      const question = has('inputs', name);
      if (question !== undefined) t.is(await engine.evaluate(question, { inputs }), true);
      t.deepEqual(await engine.evaluate('inputs', { inputs }), inputs);
      t.deepEqual(await engine.evaluate(call('keys', ['inputs']), { inputs }), [name]);
      const merged = await engine.evaluate(call('overlay', ['inputs', 'inputs']), { inputs });
      t.deepEqual(merged, inputs);
      t.is(Object.getPrototypeOf(merged), Object.prototype);
    });
  }

  for (const name of GLOBALS) {
    test(`${name} is no name of any scope`, async (t, engine) => {
      t.true(isExpressionError(await engine.failure(name, { inputs: {} })));
      t.true(isExpressionError(await engine.failure(member(name, 'x'), { inputs: {} })));
      t.true(isExpressionError(await engine.failure(call(name, [text('x')]), { inputs: {} })));
    });
  }

  test('no prototype is changed by anything in the scope', async (t, engine) => {
    const inputs: Json = JSON.parse(
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    );
    await engine.evaluate(call('overlay', ['inputs', 'inputs']), { inputs });
    await engine.evaluate(call('from_json', [call('to_json', ['inputs'])]), { inputs });
    t.false('polluted' in {});
    t.false('polluted' in Function.prototype);
  });
}
