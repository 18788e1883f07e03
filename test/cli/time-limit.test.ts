import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import { timeLimit } from '../../cli/time-limit.js';

/** The signal of several, with nothing left that holds the limit. */
function limited(seconds: number): AbortSignal {
  return AbortSignal.any([new AbortController().signal, timeLimit(seconds).signal]);
}

test('a time limit ends what waits for one of several signals, whatever is collected meanwhile', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const signal = limited(0.3);
  const collecting = setInterval(collect, 20);
  t.teardown(() => clearInterval(collecting));
  const late = setTimeout(() => t.fail('it never ended'), 10_000);
  t.teardown(() => clearTimeout(late));
  await once(signal, 'abort');
  t.true(signal.aborted);
});

test('a limit that has ended aborts nothing', async (t) => {
  const { signal, end } = timeLimit(0.01);
  end();
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.false(signal.aborted);
});
