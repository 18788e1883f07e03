import { join } from 'node:path';
import test from 'ava';
import { eventually } from '../support/eventually.js';
import { startKoreo } from '../support/koreo.js';
import { checkConvergence, checkTestsAndDefinitions } from './support/checks.js';
import { copyExample, documentIn, edit, filesIn, textOf } from './support/example.js';

const CARD = 'out/hello/Card/ada.yaml';

test.serial('hello: its definitions and tests are right', async (t) => {
  await checkTestsAndDefinitions(t, copyExample(t, 'hello'));
});

test.serial('hello: one greeting becomes one card, and then nothing more is written', async (t) => {
  const folder = copyExample(t, 'hello');
  await checkConvergence(t, folder);
  t.deepEqual(filesIn(join(folder, 'out')), ['hello/Card/ada.yaml']);
  const card = documentIn(folder, CARD);
  t.is(card?.kind, 'Card');
  t.deepEqual(card?.spec, { text: 'Hej, Ada!' });
});

test.serial('hello: a greeting and a definition that are edited while it runs take effect', async (t) => {
  const folder = copyExample(t, 'hello');
  const says = (text: string) => () => textOf(folder, CARD)?.includes(text) === true;
  const running = startKoreo(t, ['run'], { cwd: folder });
  await eventually('the card is there', says('Hej, Ada!'));

  edit(folder, 'greetings/ada.yaml', 'language: da', 'language: fr');
  await eventually('the card is in French', says('Bonjour, Ada!'));
  edit(folder, 'definitions/cel/hello.koreo', 'fr: Bonjour', 'fr: Salut');
  await eventually('the card is friendlier', says('Salut, Ada!'));

  running.process.kill('SIGINT');
  t.is((await running.ended).code, 0);
});
