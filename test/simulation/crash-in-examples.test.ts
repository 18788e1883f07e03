import test from 'ava';
import { isObject, type Json, type JsonObject, type Resource } from 'koreo-kernel';
import { VirtualClock } from 'koreo-kernel/testing';
import { crashAtEveryWrite } from './crashing.js';
import { ExampleWorld, readExample } from './example-world.js';

/** What people do, and what has been made when that is seen to. */
interface Turn {
  readonly act?: (world: ExampleWorld) => void;
  readonly made: readonly string[];
}

const PROMISE = 'a crash before or after any write of an example changes nothing about its end';

function crashIn(example: string, turns: readonly Turn[]): void {
  test(`${example}: ${PROMISE}`, async (t) => {
    t.timeout(300_000);
    const content = await readExample(t, example);
    const { ends, crashes } = await crashAtEveryWrite(t, example, () => {
      const clock = new VirtualClock();
      const world = new ExampleWorld(content, clock);
      const chapters = turns.map(({ act }) => ({
        begin: () => act?.(world),
        end: () => ({ made: world.made, content: world.content }),
      }));
      return { clock, store: world.store, chapters };
    });
    t.deepEqual(
      ends.map(({ made }) => made),
      turns.map(({ made }) => made),
    );
    t.log(`${crashes} crashes`);
  });
}

crashIn('hello', [
  { made: ['Card hello/ada'] },
  { act: (world) => world.edit('Greeting', 'ada', spec({ language: 'fr' })), made: ['Card hello/ada'] },
  { act: (world) => world.deleteAll('Greeting'), made: [] },
]);

crashIn('starter', [
  { made: ['Account compilers/grace', 'Account engines/ada'] },
  { act: (world) => world.deleteAll('Person'), made: [] },
]);

crashIn('platform', [
  {
    made: [
      'ConfigMap web-shop-eu/web-shop',
      'ConfigMap web-shop-us/web-shop',
      'Deployment price-list-eu/price-list',
      'Deployment web-shop-eu/web-shop',
      'Deployment web-shop-us/web-shop',
      'GlobalIngress ingress/web-shop',
      'Service price-list-eu/price-list',
      'Service web-shop-eu/web-shop',
      'Service web-shop-us/web-shop',
    ],
  },
  {
    // One region for another, no settings any more, and reached from inside only.
    act: (world) => {
      world.edit('WebService', 'web-shop', spec({ regions: ['us', 'ap'], settings: {}, exposure: 'internal' }));
    },
    made: [
      'Deployment price-list-eu/price-list',
      'Deployment web-shop-ap/web-shop',
      'Deployment web-shop-us/web-shop',
      'Service price-list-eu/price-list',
      'Service web-shop-ap/web-shop',
      'Service web-shop-us/web-shop',
    ],
  },
  { act: (world) => world.deleteAll('WebService'), made: [] },
]);

const FULFILLED = ['Invoice INV-1001', 'Invoice INV-1002', 'Shipment 1001', 'Shipment 1002'];
crashIn('shop', [
  { made: FULFILLED },
  {
    // The desks arrive, and the first customer is in a hurry after all.
    act: (world) => {
      world.edit('Stock', 'desk', () => ({ onHand: 3 }));
      world.edit('Order', '1001', () => ({ express: true }));
    },
    made: [...FULFILLED, 'Invoice INV-1003', 'Shipment 1003'].toSorted(),
  },
  { act: (world) => world.deleteAll('Order'), made: [] },
]);

const SITE = ['ConfigMap default/hello', 'Deployment default/hello', 'Service default/hello'];
const LISTED = [...SITE, 'Listing default.hello'].toSorted();
/** What the controllers of a cluster would tell. */
const podsRun = (replicas: number) => (world: ExampleWorld) =>
  world.edit('Deployment', 'hello', ({ metadata: { generation = 0 } }) => ({
    status: { observedGeneration: generation, replicas, availableReplicas: replicas },
  }));
crashIn('cluster', [
  { made: SITE },
  { act: podsRun(2), made: LISTED },
  // Until the third pod runs nobody can say whether it is still to be listed, so it is.
  { act: (world) => world.edit('Website', 'hello', spec({ page: '<h1>Hi</h1>', replicas: 3 })), made: LISTED },
  { act: podsRun(3), made: LISTED },
  { act: (world) => world.deleteAll('Website'), made: [] },
]);

/** Lays fields over the spec. */
function spec(fields: JsonObject): (now: Resource) => JsonObject {
  return ({ spec: now = null }) => ({ spec: { ...(isObject(now) ? now : {}), ...fields } satisfies Json });
}
