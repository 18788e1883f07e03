import test from 'ava';
import { countedStatus } from '../../../../adapters/kubernetes/resources/counted-status.js';

test('what is true of the generation that was read is told of the one that the write makes', (t) => {
  const status = { state: { n: 1 }, conditions: [{ type: 'Ready', observedGeneration: 4 }] };
  t.deepEqual(countedStatus(status), { state: { n: 1 }, conditions: [{ type: 'Ready', observedGeneration: 5 }] });
});

test('conditions of others, of an older generation or of none, stay as they are', (t) => {
  const others = [{ type: 'Old', observedGeneration: 2 }, { type: 'Silent' }, 'no condition'];
  t.deepEqual(countedStatus({ conditions: [...others, { type: 'Ready', observedGeneration: 4 }] }), {
    conditions: [...others, { type: 'Ready', observedGeneration: 5 }],
  });
  t.deepEqual(countedStatus({ conditions: [{ type: 'Silent' }] }), { conditions: [{ type: 'Silent' }] });
  t.deepEqual(countedStatus({ conditions: [] }), { conditions: [] });
});

test('a status without conditions is sent as it is', (t) => {
  t.deepEqual(countedStatus({ state: { n: 1 } }), { state: { n: 1 } });
  t.deepEqual(countedStatus({ conditions: null }), { conditions: null });
});
