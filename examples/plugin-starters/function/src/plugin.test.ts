import assert from 'node:assert/strict';
import test from 'node:test';
import { createWorkbench, type JsonObject, RunBudget } from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import plugin from './index.js';

/** Evaluates an expression as a definition would, with the options given. */
async function evaluate(source: string, options: JsonObject = {}): Promise<unknown> {
  const { context } = createWorkbench({ plugins: [cel, { plugin, options }] });
  const program = context.engines.get('cel')?.compile(source, context.library);
  return program?.evaluate({ inputs: { name: 'Équipe Données', nothing: '🙂' } }, new RunBudget().evaluation());
}

test('expressions call it', async () => {
  assert.equal(await evaluate('dns_label(inputs.name)'), 'equipe-donnees');
  assert.equal(await evaluate('inputs.name.dns_label() + "-db"'), 'equipe-donnees-db');
});

test('its length is an option', async () => {
  const name = String(await evaluate('dns_label("a rather long name for a team")', { maxLength: 20 }));
  assert.equal(name.length, 20);
});

test('an option that does not fit is told when the plug-in is loaded', () => {
  const options = { maxLength: 4 };
  assert.throws(() => createWorkbench({ plugins: [cel, { plugin, options }] }), /maxLength/);
});

test('what it cannot work on is an error of the expression, without the value', async () => {
  await assert.rejects(evaluate('dns_label(inputs.nothing)'), (error: Error) => {
    assert.match(error.message, /no letter and no digit/);
    assert.doesNotMatch(error.message, /🙂/u);
    return true;
  });
  await assert.rejects(evaluate('dns_label(7)'), /must be a string/);
});
