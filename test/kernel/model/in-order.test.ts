import test from 'ava';
import { inOrder } from '../../../kernel/model/in-order.js';

test('steps that give values give values, in order', (t) => {
  t.deepEqual(
    inOrder([1, 2, 3], (item, index) => item * 10 + index),
    [10, 21, 32],
  );
  t.deepEqual(
    inOrder([], () => 1),
    [],
  );
});

test('from the first promise on each step waits for the one before', async (t) => {
  const log: string[] = [];
  const result = inOrder([1, 2, 3, 4], (item) => {
    log.push(`begin ${item}`);
    if (item === 1) return item;
    return Promise.resolve().then(() => {
      log.push(`end ${item}`);
      return item;
    });
  });
  t.true(result instanceof Promise);
  t.deepEqual(await result, [1, 2, 3, 4]);
  t.deepEqual(log, ['begin 1', 'begin 2', 'end 2', 'begin 3', 'end 3', 'begin 4', 'end 4']);
});

test('nothing is begun after a step that failed', async (t) => {
  const begun: number[] = [];
  const result = inOrder([1, 2, 3], (item) => {
    begun.push(item);
    return item === 2 ? Promise.reject(new Error('no')) : Promise.resolve(item);
  });
  await t.throwsAsync(async () => result, { message: 'no' });
  t.deepEqual(begun, [1, 2]);
});
