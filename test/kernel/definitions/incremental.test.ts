import test from 'ava';
import { asResource, Catalog, type CatalogOptions, type DefinitionChange, type DefinitionEntry } from 'koreo-kernel';
import {
  changesIn,
  functionTest,
  nameOf,
  resourceFunction,
  resourceTemplate,
  valueFunction,
  workflow,
} from '../../support/catalog.js';
import { prepareContext } from '../../support/prepare.js';
import { fc } from '../../support/property.js';

const context = prepareContext();
const sources = [{ store: 's', namespaces: ['one', 'two'] }] as const;

/** Few names and many ways to refer to one another: missing, broken, circles, missing inputs. */
const anyDefinition = fc.oneof(
  fc
    .tuple(fc.constantFrom('f1', 'f2'), fc.constantFrom('=1', '=inputs.a', '=1 +'))
    .map(([name, e]) => valueFunction(name, e)),
  fc
    .tuple(
      fc.constantFrom('w1', 'w2', 'w3', 'w4'),
      fc.array(fc.constantFrom('w1', 'w2', 'w3', 'w4', 'f1', 'f2'), { minLength: 1, maxLength: 3 }),
    )
    .map(([name, logic]) => workflow(name, logic, 'Thing')),
  fc.constantFrom('t1', 't2').map(resourceTemplate),
  fc
    .tuple(fc.constantFrom('t1', 't2'), fc.constantFrom({}, { f1: [] }, { f1: ['a'], f2: [] }))
    .map(([template, overlays]) => resourceFunction('r1', template, overlays as Record<string, readonly string[]>)),
  fc.constantFrom('f1', 'f2').map((target) => functionTest('x', target)),
);

const anyPlace = fc.constantFrom('one', 'two', 'three').map((namespace) => ({ store: 's', namespace }));

const anyChange: fc.Arbitrary<DefinitionChange> = fc
  .tuple(fc.constantFrom('set', 'set', 'remove'), anyDefinition, anyPlace)
  .map(([type, text, place]): DefinitionChange => {
    const [change] = changesIn(text, place);
    if (change === undefined) throw new Error('no definition');
    return type === 'set' ? change : { type: 'remove', resource: change.resource, store: 's' };
  });

const anyHistory = fc.array(fc.array(anyChange, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 });

/** What the changes come to: the last word on each definition at each place. */
function outcomeOf(changes: readonly DefinitionChange[]): readonly DefinitionChange[] {
  const last = new Map<string, DefinitionChange>();
  for (const change of changes) {
    const { kind, metadata } = change.resource;
    last.set(`${kind} ${metadata.name} ${metadata.namespace}`, change);
  }
  return [...last.values()].filter(({ type }) => type === 'set');
}

function entriesOf(catalog: Catalog): ReadonlyMap<string, DefinitionEntry> {
  return new Map([...catalog.current.entries()].map((entry) => [nameOf(entry), entry]));
}

/** All of an entry but its version. */
function stateOf(entry: DefinitionEntry | undefined): string {
  const { version: _version, ...state } = entry ?? { version: 0 };
  return JSON.stringify(state);
}

function freshCatalog(changes: readonly DefinitionChange[], options: CatalogOptions): Catalog {
  const catalog = new Catalog(context, options);
  catalog.apply(changes);
  return catalog;
}

test('after any history of changes the catalog is as one that was made from what is there', (t) => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const catalog = new Catalog(context, { sources });
      for (const batch of history) catalog.apply(batch);
      const fresh = entriesOf(freshCatalog(outcomeOf(history.flat()), { sources }));
      const live = entriesOf(catalog);
      const names = [...new Set([...fresh.keys(), ...live.keys()])];
      return names.every((name) => stateOf(live.get(name)) === stateOf(fresh.get(name)));
    }),
    { numRuns: 300 },
  );
  t.pass();
});

test('in any history exactly what was told as changed has a new version, and whatever differs was told', (t) => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const catalog = new Catalog(context, { sources });
      let told: readonly string[] = [];
      catalog.changes.subscribe(({ changed }) => {
        told = changed.map(nameOf);
      });
      return history.every((batch) => {
        told = [];
        const before = entriesOf(catalog);
        catalog.apply(batch);
        const after = entriesOf(catalog);
        return [...new Set([...before.keys(), ...after.keys()])].every((name) => {
          const isTold = told.includes(name);
          const differs = before.get(name)?.version !== after.get(name)?.version;
          const same = stateOf(before.get(name)) === stateOf(after.get(name));
          return isTold === differs && (same || isTold);
        });
      });
    }),
    { numRuns: 300 },
  );
  t.pass();
});

test('a copy whose name holds a slash is none other', (t) => {
  const named = (name: string): DefinitionChange => ({
    type: 'set',
    resource: asResource({
      apiVersion: 'koreo.dev/v1beta1',
      kind: 'ValueFunction',
      metadata: { name },
      spec: { return: {} },
    }),
    from: { store: 's' },
  });
  const catalog = freshCatalog([named('a/b'), named('a')], {});
  t.deepEqual([...entriesOf(catalog).keys()], ['ValueFunction a/b', 'ValueFunction a']);
});
