import test from 'ava';
import type { Resource, StoreEvent } from 'koreo-kernel';
import { Subject } from 'rxjs';
import { KindWatch } from '../../../kernel/resources/kind-watch.js';
import { fc } from '../../support/property.js';

const REF = { apiVersion: 'v1', kind: 'Thing', name: 'a', namespace: 'x' };

function thing(revision: number, uid: number, ref = REF): Resource {
  const { apiVersion, kind, ...place } = ref;
  const metadata = { ...place, uid: String(uid), resourceVersion: String(revision) };
  return { apiVersion, kind, metadata, spec: { revision } };
}

/** One resource in a store whose watch lags behind, and whoever changes it. */
class World {
  readonly events = new Subject<StoreEvent>();
  readonly history: (Resource | undefined)[] = [undefined];
  readonly #lagging: StoreEvent[] = [];
  #uids = 0;
  foreign = 0;
  readonly watch: KindWatch;

  constructor(options: ConstructorParameters<typeof KindWatch>[2] = {}) {
    const onForeign = (): void => {
      this.foreign += 1;
    };
    this.watch = new KindWatch(() => this.events, onForeign, options);
  }

  get current(): Resource | undefined {
    return this.history.at(-1);
  }

  change(): Resource {
    const before = this.current;
    if (before === undefined) this.#uids += 1;
    const after = thing(this.history.length, this.#uids);
    this.history.push(after);
    this.#lagging.push({ type: before === undefined ? 'added' : 'modified', resource: after });
    return after;
  }

  remove(): void {
    const before = this.current;
    if (before === undefined) return;
    this.history.push(undefined);
    this.#lagging.push({ type: 'deleted', resource: before });
  }

  tell(count: number): void {
    for (const event of this.#lagging.splice(0, count)) this.events.next(event);
  }
}

const acts = fc.array(
  fc.oneof(
    fc.constantFrom('own', 'own-slow', 'own-lost', 'own-delete', 'foreign', 'foreign-delete', 'read', 'look'),
    fc.integer({ min: 1, max: 3 }),
  ),
  { maxLength: 40 },
);

test('what a watch says is never older than what this process did, and no change of others is missed', (t) => {
  fc.assert(
    fc.property(acts, fc.nat(10), fc.constantFrom({}, { remembered: 0 }), (script, syncedAt, options) => {
      const world = new World(options);
      const { watch } = world;
      watch.start();
      let atLeast = 0;
      const ending: (() => void)[] = [];
      for (const [index, act] of script.entries()) {
        if (index === syncedAt) world.events.next({ type: 'synced' });
        if (typeof act === 'number') world.tell(act);
        if (act === 'foreign') world.change();
        if (act === 'foreign-delete') world.remove();
        if (act === 'own') {
          const ticket = watch.begin(REF);
          ticket.done(world.change());
          atLeast = world.history.length - 1;
        }
        if (act === 'own-slow' || act === 'own-lost') {
          const ticket = watch.begin(REF);
          const result = world.change();
          const at = world.history.length - 1;
          ending.push(() => {
            if (act === 'own-lost') {
              ticket.failed();
              return;
            }
            ticket.done(result);
            atLeast = Math.max(atLeast, at);
          });
        }
        if (act === 'own-delete') {
          const wasThere = world.current !== undefined;
          const ticket = watch.begin(REF, world.current?.metadata.uid);
          world.remove();
          ticket.done(undefined);
          if (wasThere) atLeast = world.history.length - 1;
        }
        if (act === 'read') {
          ending.shift()?.();
          watch.learn(REF, world.current);
        }
        const look = watch.look(REF);
        if (look.type === 'ask') continue;
        const seen = world.history.lastIndexOf(look.resource);
        t.true(seen >= atLeast, `${script.join(' ')}: sees ${seen} of at least ${atLeast}`);
      }
      for (const end of ending) end();
      if (script.length <= syncedAt) world.events.next({ type: 'synced' });
      world.tell(1000);
      world.foreign = 0;
      world.change();
      world.tell(1000);
      t.is(world.foreign, 1, `${script.join(' ')}: the last change is somebody else's`);
      watch.learn(REF, world.current);
      const resource = world.current;
      t.deepEqual(watch.look(REF), resource === undefined ? { type: 'ask' } : { type: 'known', resource });
      watch.stop();
      t.false(world.events.observed);
    }),
    { numRuns: 2000 },
  );
});

test('a kind that is not watched yet is asked for, and what changed until the watch knows it is told', (t) => {
  const world = new World();
  world.watch.learn(REF, undefined);
  t.deepEqual(world.watch.look(REF), { type: 'ask' });
  world.watch.start();
  world.change();
  world.tell(1);
  t.is(world.foreign, 0);
  world.events.next({ type: 'synced' });
  t.is(world.foreign, 1);
  t.deepEqual(world.watch.look(REF), { type: 'known', resource: world.current });
});

test('what was read and is still so when the watch knows it is told to nobody', (t) => {
  const world = new World();
  world.watch.learn(REF, world.change());
  world.watch.start();
  world.tell(1);
  world.events.next({ type: 'synced' });
  t.is(world.foreign, 0);
});

test('that a resource is not there is for the store to say, since the watch may not reach so far', (t) => {
  const world = new World();
  world.watch.start();
  world.events.next({ type: 'synced' });
  t.deepEqual(world.watch.look(REF), { type: 'ask' });
  world.change();
  world.tell(1);
  t.deepEqual(world.watch.look(REF), { type: 'known', resource: world.current });
  world.remove();
  world.tell(1);
  t.deepEqual(world.watch.look(REF), { type: 'ask' });
});

for (const [what, begins] of [
  ['is not watched', false],
  ['is watched in vain', true],
] as const) {
  test(`of a kind that ${what} only so much is remembered, and what was forgotten is believed when the store says the same`, (t) => {
    const events = new Subject<StoreEvent>();
    const foreign: string[] = [];
    const watch = new KindWatch(
      () => events,
      ({ name }) => foreign.push(name),
      { remembered: 10 },
    );
    if (begins) watch.start();
    const refs = Array.from({ length: 100 }, (_, index) => ({ ...REF, name: `n${index}` }));
    for (const ref of refs) {
      watch.learn(ref, thing(1, 1, ref));
      watch.begin(ref).done(thing(2, 1, ref));
      t.true(watch.remembered <= 10);
    }
    const [first = REF] = refs;
    watch.start();
    events.next({ type: 'added', resource: thing(1, 1, first) });
    events.next({ type: 'synced' });
    t.true(foreign.includes(first.name), 'whoever is about it is to look');
    t.deepEqual(watch.look(first), { type: 'ask' });
    watch.learn(first, thing(2, 1, first));
    t.deepEqual(watch.look(first), { type: 'ask' });
    events.next({ type: 'modified', resource: thing(2, 1, first) });
    watch.learn(first, thing(2, 1, first));
    t.deepEqual(watch.look(first), { type: 'known', resource: thing(2, 1, first) });
  });
}
