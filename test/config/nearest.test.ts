import test from 'ava';
import fc from 'fast-check';
import { didYouMean, nearest } from 'koreo-kernel/config';

test('a slip of the pen finds what was meant', (t) => {
  const known = ['stores', 'routing', 'limits', 'loop'];
  t.is(nearest('sotres', known), 'stores');
  t.is(nearest('LIMIT', known), 'limits');
  t.is(nearest('routes', known), undefined);
  t.is(nearest('x', known), undefined);
});

test('what is there is nearest to itself', (t) => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), fc.nat(), (known, index) => {
      const one = known[index % known.length] ?? '';
      t.is(nearest(one, known)?.toLowerCase(), one.toLowerCase());
    }),
  );
});

test('the end of a message says what was probably meant, or nothing', (t) => {
  t.is(didYouMean('lop', ['loop']), '; did you mean "loop"?');
  t.is(didYouMean('lop', ['stores']), '');
});
