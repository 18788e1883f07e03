import test from 'ava';
import { type Place, valueFunction, WatchedCatalog, workflow } from '../../support/catalog.js';

function placeOf({ catalog }: WatchedCatalog, name = 'f'): string | undefined {
  const entry = catalog.current.find('ValueFunction', name);
  return entry === undefined ? undefined : `${entry.store}/${entry.namespace}`;
}

const team: Place = { store: 's', namespace: 'team' };
const shared: Place = { store: 's', namespace: 'shared' };

test('the first namespace in the list that holds a name is meant', (t) => {
  const watched = new WatchedCatalog({ sources: [{ store: 's', namespaces: ['team', 'shared'] }] });
  watched.set(valueFunction('f', '=1'), shared);
  t.is(placeOf(watched), 's/shared');
  watched.set(valueFunction('f', '=2'), team);
  t.is(placeOf(watched), 's/team');
});

test('when the earlier copy goes away the next takes over at once', (t) => {
  const watched = new WatchedCatalog({ sources: [{ store: 's', namespaces: ['team', 'shared'] }] });
  watched
    .set(valueFunction('f', '=1'), shared)
    .set(valueFunction('f', '=2'), team)
    .set(workflow('w', ['f']), team);
  watched.told();
  watched.remove(valueFunction('f'), team);
  t.is(placeOf(watched), 's/shared');
  t.is(watched.state()['Workflow w'], 'ready');
  t.deepEqual(watched.told(), [['ValueFunction f', 'Workflow w']]);
});

test('a change of a copy that an earlier one hides changes nothing', (t) => {
  const watched = new WatchedCatalog({ sources: [{ store: 's', namespaces: ['team', 'shared'] }] });
  watched.set(valueFunction('f'), team).set(valueFunction('f', '=1'), shared);
  watched.told();
  watched.set(valueFunction('f', '=broken('), shared).remove(valueFunction('f'), shared);
  t.deepEqual(watched.told(), []);
  t.deepEqual(watched.state(), { 'ValueFunction f': 'ready' });
});

test('an earlier copy that is broken still hides the next', (t) => {
  const watched = new WatchedCatalog({ sources: [{ store: 's', namespaces: ['team', 'shared'] }] });
  watched.set(valueFunction('f'), shared).set(valueFunction('f', '=1 +'), team);
  t.is(placeOf(watched), 's/team');
  t.regex(watched.state()['ValueFunction f'] ?? '', /^broken/);
});

test('namespaces and stores that are not in the list do not count', (t) => {
  const watched = new WatchedCatalog({ sources: [{ store: 's', namespaces: ['team'] }] });
  watched.set(valueFunction('f'), shared).set(valueFunction('f'), { store: 'other', namespace: 'team' });
  t.deepEqual(watched.state(), {});
  t.deepEqual(watched.told(), []);
});

test('stores come in the order of the list, and one may come twice', (t) => {
  const watched = new WatchedCatalog({
    sources: [{ store: 'a', namespaces: ['first'] }, { store: 'b' }, { store: 'a', namespaces: ['last'] }],
  });
  watched.set(valueFunction('f', '=1'), { store: 'a', namespace: 'last' });
  t.is(placeOf(watched), 'a/last');
  watched.set(valueFunction('f', '=2'), { store: 'b', namespace: 'any' });
  t.is(placeOf(watched), 'b/any');
  watched.set(valueFunction('f', '=3'), { store: 'a', namespace: 'first' });
  t.is(placeOf(watched), 'a/first');
});

test('without a list every namespace of every store counts, ordered by name whatever the order of arrival', (t) => {
  const places: readonly Place[] = [
    { store: 'b', namespace: 'a' },
    { store: 'a', namespace: 'z' },
    { store: 'a', namespace: 'm' },
  ];
  for (const order of [places, places.toReversed()]) {
    const watched = new WatchedCatalog();
    for (const place of order) watched.set(valueFunction('f'), place);
    t.is(placeOf(watched), 'a/m');
  }
});
