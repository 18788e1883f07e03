import test from 'ava';
import { DelayHeap } from '../../../kernel/scheduler/delay-heap.js';
import { fc } from '../../support/property.js';

type Step =
  | { readonly do: 'add'; readonly due: number }
  | { readonly do: 'take' }
  /** Keeps those whose number leaves this rest when it is divided by three, or all others. */
  | { readonly do: 'retain'; readonly rest: number; readonly others: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), due: fc.nat(30) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
  fc.record({ do: fc.constant('retain' as const), rest: fc.nat(2), others: fc.boolean() }),
);

test('what was added is taken by its time, and by its turn among those of one time, whatever was let go of between', (t) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new DelayHeap<number>();
      let model: { readonly due: number; readonly value: number }[] = [];
      let added = 0;
      for (const one of steps) {
        if (one.do === 'add') {
          added += 1;
          heap.add(one.due, added);
          model.push({ due: one.due, value: added });
          // Stable: those of one time keep their order.
          model.sort((a, b) => a.due - b.due);
        } else if (one.do === 'take') {
          t.is(heap.take(), model.shift()?.value);
        } else {
          const isWanted = (value: number): boolean => (value % 3 === one.rest) !== one.others;
          heap.retain(isWanted);
          model = model.filter(({ value }) => isWanted(value));
        }
        t.is(heap.size, model.length);
        t.is(heap.next, model[0]?.value);
        t.is(heap.nextDue, model[0]?.due);
      }
      while (model.length > 0) t.is(heap.take(), model.shift()?.value);
      t.is(heap.take(), undefined);
    }),
    { numRuns: 300 },
  );
});
