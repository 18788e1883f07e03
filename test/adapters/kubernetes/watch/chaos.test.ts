import test, { type ExecutionContext } from 'ava';
import type { StoreEvent } from 'koreo-kernel';
import { ApiError } from '../../../support/fake-api-server/api-error.js';
import type { OpenWatch } from '../../../support/fake-api-server/open-watch.js';
import { fc } from '../../../support/property.js';
import { type WatchStory, WatchWorld, WIDGET } from './watch-world.js';

/** One thing that happens to a server, to the way to it, or to those who watch. */
type Happening =
  | { readonly type: 'put' | 'drop' | 'replace'; readonly name: string }
  | { readonly type: 'uninstall' | 'install' | 'compact' | 'subscribe' | 'leave' | 'hang' }
  | {
      readonly type: 'close' | 'cut' | 'cut-in-line' | 'error' | 'garbage' | 'hold' | 'release' | 'bookmark' | 'repeat';
      /** Which of the open watches. */
      readonly watch: number;
    }
  | {
      readonly type: 'fail';
      readonly verb: 'list' | 'watch' | 'discover';
      readonly status: number;
      readonly times: number;
    }
  | { readonly type: 'pass'; readonly seconds: number };

const name = fc.constantFrom('a/one', 'a/two', 'b/one', 'b/three', 'c/one');

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constantFrom('put', 'drop', 'replace'), name }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('pass'), seconds: fc.constantFrom(0, 0.5, 2, 10, 100) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom('close', 'cut', 'cut-in-line', 'error', 'garbage', 'hold', 'release', 'bookmark', 'repeat'),
      watch: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('fail'),
      verb: fc.constantFrom('list', 'watch', 'discover'),
      status: fc.constantFrom(401, 403, 404, 410, 429, 500, 503),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constantFrom('uninstall', 'install', 'compact', 'subscribe', 'leave', 'hang') }),
  },
) as fc.Arbitrary<Happening>;

type Disturbance = Extract<Happening, { readonly watch: number }>['type'];

const DISTURBANCES: Readonly<Record<Disturbance, (watch: OpenWatch | undefined) => void>> = {
  close: (watch) => watch?.close(),
  cut: (watch) => watch?.cut(),
  'cut-in-line': (watch) => watch?.cutInLine(),
  error: (watch) => watch?.error(new ApiError(500, 'planned')),
  garbage: (watch) => watch?.send('{"type":'),
  hold: (watch) => watch?.hold(),
  release: (watch) => watch?.release(),
  bookmark: (watch) => watch?.bookmark(),
  repeat: (watch) => watch?.repeat(),
};

class Chaos {
  readonly stories: WatchStory[] = [];
  readonly #world: WatchWorld;
  #installed = true;

  constructor(world: WatchWorld) {
    this.#world = world;
  }

  async happen(one: Happening): Promise<void> {
    const world = this.#world;
    switch (one.type) {
      case 'put':
        if (this.#installed) world.put(one.name, world.clock.random());
        break;
      case 'drop':
        this.#drop(one.name);
        break;
      case 'replace':
        this.#drop(one.name);
        if (this.#installed) world.put(one.name, world.clock.random());
        break;
      case 'install':
        if (!this.#installed) world.install();
        this.#installed = true;
        break;
      case 'uninstall':
        if (this.#installed) world.uninstall();
        this.#installed = false;
        break;
      case 'compact':
        world.server.compact();
        break;
      case 'subscribe':
        this.stories.push(await world.watch());
        break;
      case 'leave':
        this.stories.pop()?.stop();
        break;
      case 'fail':
        world.client.fail(one.verb, { status: one.status }, one.times);
        break;
      case 'hang':
        world.client.fail('watch', 'hang');
        break;
      case 'pass':
        await world.pass(one.seconds);
        break;
      default:
        DISTURBANCES[one.type](world.server.watches()[one.watch]);
    }
  }

  /** Everything works again, and has the time to. */
  async calm(): Promise<void> {
    this.#world.client.mend();
    for (const watch of this.#world.server.watches()) watch.release();
    await this.#world.pass(300);
  }

  #drop(given: string): void {
    const [namespace = '', own = ''] = given.split('/');
    if (this.#installed && this.#world.server.peek({ ...WIDGET, namespace, name: own })) this.#world.drop(given);
  }
}

/** What a story comes to; an impossible event is an error that says so. */
function fold(events: readonly StoreEvent[]): ReadonlyMap<string, string> {
  const present = new Map<string, { readonly uid: string | undefined; readonly revision: string }>();
  let synced = false;
  for (const event of events) {
    if (event.type === 'synced') {
      if (synced) throw new Error('synced twice');
      synced = true;
      continue;
    }
    const { metadata } = event.resource;
    const key = `${metadata.namespace}/${metadata.name}`;
    const before = present.get(key);
    const revision = metadata.resourceVersion ?? '';
    if ((event.type === 'added') !== (before === undefined)) throw new Error(`${event.type} ${key} in vain`);
    if (before !== undefined && before.uid !== metadata.uid) throw new Error(`${event.type} ${key}, which is another`);
    if (event.type === 'modified' && before?.revision === revision) throw new Error(`${key} is not modified`);
    if (event.type === 'deleted' && before?.revision !== revision) throw new Error(`deleted ${key} as never told`);
    if (event.type === 'deleted') present.delete(key);
    else present.set(key, { uid: metadata.uid, revision });
  }
  if (!synced) throw new Error('never synced');
  return new Map([...present].map(([key, { revision }]) => [key, revision]));
}

function stored(world: WatchWorld, meant: (namespace: string) => boolean): ReadonlyMap<string, string> {
  const found = ['a/one', 'a/two', 'b/one', 'b/three', 'c/one'].flatMap((key): [string, string][] => {
    const [namespace = '', own = ''] = key.split('/');
    const object = world.server.peek({ ...WIDGET, namespace, name: own });
    return object === undefined || !meant(namespace) ? [] : [[key, object.metadata.resourceVersion ?? '']];
  });
  return new Map(found);
}

async function check(t: ExecutionContext, namespaces: readonly string[] | undefined): Promise<void> {
  const property = fc.asyncProperty(fc.array(happening, { maxLength: 40 }), fc.integer(), async (happenings, seed) => {
    const world = new WatchWorld({ pageSize: 2, seed, ...(namespaces && { namespaces }) });
    const chaos = new Chaos(world);
    chaos.stories.push(await world.watch());
    for (const one of happenings) await chaos.happen(one);
    await chaos.calm();
    const expected = stored(world, (namespace) => namespaces?.includes(namespace) ?? true);
    for (const story of chaos.stories) {
      t.deepEqual(new Map([...fold(story.events)].toSorted()), new Map([...expected].toSorted()));
    }
    t.not(world.health?.state, 'degraded');
    world.hub.close();
    await world.rest();
    t.deepEqual([world.clock.pending, world.client.watching], [0, 0]);
  });
  await fc.assert(property, { numRuns: 100 });
}

test('whatever happens on the way, what is told comes to what the server has, and is never impossible', (t) =>
  check(t, undefined));

test('the same for a store of some namespaces', (t) => check(t, ['a', 'b']));
