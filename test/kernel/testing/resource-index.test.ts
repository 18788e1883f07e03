import test from 'ava';
import { asResource, type JsonObject, type Resource, refKey, refOf } from 'koreo-kernel';
import { ResourceIndex } from '../../../kernel/testing/resource-index.js';
import { fc } from '../../support/property.js';

const name = fc.constantFrom('a', 'b|c', '__proto__', 'b');
const anyResource = fc
  .record({ apiVersion: name, kind: name, name, namespace: fc.option(name), size: fc.nat() })
  .map(({ apiVersion, kind, name: own, namespace, size }): Resource => {
    const metadata: JsonObject = namespace === null ? { name: own } : { name: own, namespace };
    return asResource({ apiVersion, kind, metadata, spec: { size } });
  });

test('it holds what a map by one text for each reference holds, in the same order', (t) => {
  const step = fc.record({ resource: anyResource, isSet: fc.boolean() });
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const index = new ResourceIndex();
        const model = new Map<string, Resource>();
        return steps.every(({ resource, isSet }) => {
          const ref = refOf(resource);
          const before = model.get(refKey(ref));
          const found = index.get(ref);
          if (isSet) {
            index.set(ref, resource);
            model.set(refKey(ref), resource);
          } else if (index.delete(ref) !== before || !(model.delete(refKey(ref)) === (before !== undefined))) {
            return false;
          }
          const [all, expected] = [[...index], [...model.values()]];
          return (
            found === before && all.length === expected.length && all.every((one, place) => one === expected[place])
          );
        });
      }),
    ),
  );
});
