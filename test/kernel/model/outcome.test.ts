import test from 'ava';
import { combine, depSkip, type Outcome, ok, permFail, retry, skip } from 'koreo-kernel';
import { fc } from '../../support/property.js';

const text = fc.string({ maxLength: 8 });
const outcome: fc.Arbitrary<Outcome<number>> = fc.oneof(
  fc.integer().map((value) => ok(value)),
  fc.tuple(text, text).map(([message, location]) => skip(message, location)),
  fc.tuple(text, text).map(([message, location]) => depSkip(message, location)),
  fc.tuple(text, text).map(([message, location]) => permFail(message, location)),
  fc.tuple(fc.nat(1000), text, text).map(([delay, message, location]) => retry(delay, message, location)),
);

const priority: readonly string[] = ['DepSkip', 'Skip', 'Ok', 'Retry', 'PermFail'];

test('nothing to combine gives Skip', (t) => {
  t.is(combine([]).type, 'Skip');
});

test('several Ok give the list of their values, in order', (t) => {
  t.deepEqual(combine([ok(1), ok(2)]), ok([1, 2]));
});

test('an Ok beside skips gives the values of the Ok alone', (t) => {
  t.deepEqual(combine([skip('s', 'l'), ok(2), depSkip('d', 'l')]), ok([2]));
});

test('several Retry give the longest delay and all messages and locations', (t) => {
  t.deepEqual(combine([retry(5, 'a', 'x'), ok(1), retry(30, 'b', 'y')]), retry(30, 'a, b', 'x, y'));
});

test('several PermFail join their messages, and no Retry is among them', (t) => {
  t.deepEqual(combine([permFail('a', 'x'), retry(5, 'b', 'y'), permFail('c', 'z')]), permFail('a, c', 'x, z'));
});

test('the highest outcome wins, whatever the order', (t) => {
  fc.assert(
    fc.property(fc.array(outcome, { minLength: 1 }), (outcomes) => {
      const highest = Math.max(...outcomes.map(({ type }) => priority.indexOf(type)));
      t.true(combine(outcomes).type === priority[highest]);
      t.true(combine([...outcomes].reverse()).type === priority[highest]);
    }),
  );
});
