import test from 'ava';
import { weighsAtMost } from '../../../kernel/model/json-weight.js';

test('each scalar, list and mapping weighs one', (t) => {
  const value = { a: 1, b: [true, null], c: { d: 'text' } };
  t.true(weighsAtMost(value, 7));
  t.false(weighsAtMost(value, 6));
});

test('a long text weighs as much as many values', (t) => {
  t.true(weighsAtMost('x'.repeat(31), 1));
  t.false(weighsAtMost('x'.repeat(3200), 100));
  t.true(weighsAtMost('x'.repeat(3200), 101));
});

test('of what is far too heavy only so much is looked at', (t) => {
  let looks = 0;
  const one = Object.defineProperty({}, 'a', {
    enumerable: true,
    get: () => {
      looks += 1;
      return 1;
    },
  });
  t.false(weighsAtMost(new Array(1000).fill(one), 10));
  t.true(looks <= 10);
});

test('with nothing allowed nothing is light enough', (t) => {
  t.false(weighsAtMost(null, 0));
});
