import test from 'ava';
import { Turns } from '../../../plugins/http/api/turns.js';

/** Work that is over when it is told to be. */
function work(log: string[], name: string) {
  let end: (error?: Error) => void = () => undefined;
  const ended = new Promise<string>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve(name) : reject(error));
  });
  const run = (): Promise<string> => {
    log.push(name);
    return ended;
  };
  return { run, end };
}

test('what is done to one resource waits for what was begun before, and for nothing else', async (t) => {
  const turns = new Turns();
  const log: string[] = [];
  const [first, second, other] = [work(log, 'first'), work(log, 'second'), work(log, 'other')];
  const all = [turns.take('a', undefined, first.run), turns.take('a', undefined, second.run)];
  const beside = turns.take('b', undefined, other.run);
  t.deepEqual(log, ['first', 'other']);
  other.end();
  t.is(await beside, 'other');
  t.deepEqual(log, ['first', 'other']);
  first.end();
  second.end();
  t.deepEqual(await Promise.all(all), ['first', 'second']);
});

test('one that fails keeps nobody waiting', async (t) => {
  const turns = new Turns();
  const log: string[] = [];
  const [first, second] = [work(log, 'first'), work(log, 'second')];
  const failing = turns.take('a', undefined, first.run);
  const next = turns.take('a', undefined, second.run);
  first.end(new Error('no'));
  second.end();
  await t.throwsAsync(failing, { message: 'no' });
  t.is(await next, 'second');
});

test('one that is given up while it waits is never begun, and those after it wait for those before it', async (t) => {
  const turns = new Turns();
  const log: string[] = [];
  const [first, second, third] = [work(log, 'first'), work(log, 'second'), work(log, 'third')];
  const before = turns.take('a', undefined, first.run);
  const controller = new AbortController();
  const given = turns.take('a', controller.signal, second.run);
  const after = turns.take('a', undefined, third.run);
  controller.abort(new Error('enough'));
  await t.throwsAsync(given, { message: 'enough' });
  t.deepEqual(log, ['first']);
  first.end();
  third.end();
  t.deepEqual(await Promise.all([before, after]), ['first', 'third']);
  t.deepEqual(log, ['first', 'third']);
});
