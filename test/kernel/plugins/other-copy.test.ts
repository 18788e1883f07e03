import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import {
  ConflictError,
  ExpressionSyntaxError,
  FunctionError,
  KoreoError,
  NotFoundError,
  StoreError,
} from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import { order, SHOP, start, step, valueFunction, workflow } from '../../support/kernel-harness.js';
import { tempFolder } from '../../support/temp-folder.js';
import { invoiceHandler, plugin } from './support.js';

type Entrance = typeof import('koreo-kernel/plugin');

/** The entrance of another copy of this package, as a plug-in has that was installed with one of its own. */
async function otherCopy(t: ExecutionContext): Promise<Entrance> {
  const folder = tempFolder(t, { 'package.json': '{"type": "module"}' });
  const dist = fileURLToPath(new URL('../../../', import.meta.url));
  cpSync(join(dist, 'kernel'), join(folder, 'kernel'), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['rxjs', 'tslib'])
    symlinkSync(join(dist, '../node_modules', name), join(folder, 'node_modules', name));
  return import(pathToFileURL(join(folder, 'kernel/plugin.js')).href);
}

test('errors of another copy are known as what they are, and as nothing else', async (t) => {
  const other = await otherCopy(t);
  const conflict: unknown = new other.ConflictError('x');
  t.not(other.ConflictError, ConflictError);
  t.true(conflict instanceof ConflictError);
  t.true(conflict instanceof StoreError);
  t.true(conflict instanceof KoreoError);
  t.false(conflict instanceof NotFoundError);
  t.true(new ConflictError('x') instanceof other.StoreError);
  const complaint: unknown = new other.FunctionError('x');
  t.true(complaint instanceof FunctionError);
  t.false(complaint instanceof KoreoError);
  t.true(new other.ExpressionSyntaxError('x') instanceof ExpressionSyntaxError);
});

test('classes of one copy that have one name are not one class', (t) => {
  const Own = { ConflictError: class ConflictError extends Error {} };
  class Deeper extends NotFoundError {}
  const Mine = {
    NotFoundError: class NotFoundError extends StoreError {
      readonly code = 'mine';
      readonly retriable = false;
    },
  };
  t.false(new Own.ConflictError() instanceof ConflictError);
  t.false(new Mine.NotFoundError('x') instanceof NotFoundError);
  t.true(new Deeper('x') instanceof NotFoundError);
  t.false(new NotFoundError('x') instanceof Deeper);
  for (const value of [undefined, null, 'x', {}, new Error('x')]) t.false(value instanceof KoreoError);
});

test('a plug-in with a copy of its own works as any other', async (t) => {
  const other = await otherCopy(t);
  const acme = plugin('acme', (registry) => {
    registry.resourceHandler(
      invoiceHandler({
        create: async () => {
          throw new other.InvalidResourceError('the total is odd');
        },
      }),
    );
    registry.function(
      other.defineFunction({
        name: 'odd',
        parameters: [],
        summary: '',
        call: () => {
          throw new other.FunctionError('odd: it is even');
        },
      }),
    );
  });
  const refunds = valueFunction('uses-odd', { it: '=odd()' }) + workflow('refunds', [step('uses-odd')], 'Refund');
  const world = SHOP + refunds + order('one', { count: 1 }) + order('two', {}, 'Refund');
  const shop = await start(t, { plugins: [cel, acme], world });
  t.like(shop.last('one').outcome, {
    type: 'PermFail',
    message: 'Creating Invoice shop/one failed: the total is odd',
  });
  t.like(shop.last('two').outcome, { type: 'PermFail', message: 'spec.return.it: odd: it is even (in =odd())' });
  t.deepEqual(shop.incidents, []);
});
