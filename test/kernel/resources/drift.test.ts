import test from 'ava';
import type { JsonObject } from 'koreo-kernel';
import { compareResource } from '../../../kernel/resources/compare.js';
import { isDrift } from '../../../kernel/resources/drift.js';
import { lastAppliedText, withLastApplied } from '../../../kernel/resources/last-applied.js';
import { recordedTarget } from '../../../kernel/resources/sent-form.js';
import { anyMapping } from '../../support/json-arbitraries.js';
import { fc } from '../../support/property.js';

const target = { kind: 'Widget', metadata: { name: 'w' }, spec: { size: 3, colors: ['red', { of: 'blue' }] } };
const { record } = recordedTarget(target);

function drifts(wanted: JsonObject, actual: JsonObject): boolean {
  return isDrift(compareResource(wanted, actual), wanted, actual, recordedTarget(wanted).record);
}

test('what somebody changed while the target stayed as it was applied is drift', (t) => {
  t.true(drifts(target, { ...withLastApplied(target), spec: { size: 1 } }));
});

test('what is wanted otherwise than it was applied is none', (t) => {
  const actual = withLastApplied({ ...target, spec: { size: 1 } });
  t.false(drifts(target, actual));
});

test('what differs somewhere else than the target changed is drift all the same', (t) => {
  const applied = withLastApplied({ ...target, metadata: { name: 'w', labels: { a: 'b' } } });
  t.true(drifts(target, { ...applied, spec: { ...target.spec, size: 1 } }));
});

test('without a record nobody knows, and without a difference there is no drift', (t) => {
  t.false(drifts(target, { ...target, spec: { size: 1 } }));
  t.false(isDrift([], target, withLastApplied(target), record));
});

test('a record that is there already says what looking at each place says', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyMapping, anyMapping, anyMapping, fc.boolean(), (wanted, earlier, is, isSecret) => {
        const kind = isSecret ? 'Secret' : 'Widget';
        const now = { kind, metadata: { name: 'w' }, spec: wanted, data: wanted };
        for (const applied of [now, { ...now, spec: earlier }, { ...now, data: earlier }]) {
          const actual = { ...withLastApplied(applied), spec: is, data: is };
          const differences = compareResource(now, actual);
          const byRecord = isDrift(differences, now, actual, lastAppliedText(now));
          if (byRecord !== isDrift(differences, now, actual, 'another record')) return false;
        }
        return true;
      }),
      { numRuns: 1000 },
    ),
  );
});
