import test from 'ava';
import { UnavailableError } from 'koreo-kernel';
import { Harness, order, SHOP, valueFunction } from '../../support/kernel-harness.js';
import { fc } from '../../support/property.js';

const NAMES = ['a', 'b', 'c'];

type Act =
  | { readonly do: 'edit'; readonly name: string; readonly count: number }
  | { readonly do: 'drop' | 'pause' | 'request'; readonly name: string }
  | { readonly do: 'price'; readonly factor: number }
  | { readonly do: 'break' }
  | { readonly do: 'fail'; readonly verb: 'patchStatus' | 'get' | 'apply' | 'create'; readonly times: number }
  | { readonly do: 'tamper'; readonly name: string }
  | { readonly do: 'pass'; readonly seconds: number };

const name = fc.constantFrom(...NAMES);
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('edit' as const), name, count: fc.integer({ min: 0, max: 9 }) }),
    fc.record({ do: fc.constantFrom('drop' as const, 'pause' as const, 'request' as const), name }),
    fc.record({ do: fc.constant('price' as const), factor: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ do: fc.constant('break' as const) }),
    fc.record({
      do: fc.constant('fail' as const),
      verb: fc.constantFrom('patchStatus' as const, 'get' as const, 'apply' as const, 'create' as const),
      times: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({ do: fc.constant('tamper' as const), name }),
    fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 0, max: 40 }) }),
  ),
  { maxLength: 25 },
);

/** A shop to which anything happens, and what it should come to. */
class Chaos {
  readonly shop = new Harness({ world: SHOP, loop: { concurrency: 2 } });
  readonly counts = new Map<string, number>();
  factor = 3;

  async act(act: Act): Promise<void> {
    switch (act.do) {
      case 'edit':
        this.#edit(act.name, act.count);
        break;
      case 'drop':
        this.shop.store.drop({ apiVersion: 'shop.example/v1', kind: 'Order', name: act.name, namespace: 'shop' });
        this.counts.delete(act.name);
        break;
      case 'pause':
      case 'request':
        this.#annotate(act.name, act.do === 'pause' ? 'koreo.dev/paused' : 'koreo.dev/reconcile-requested-at');
        break;
      case 'price':
        this.price(act.factor);
        break;
      case 'break':
        this.shop.apply(valueFunction('price', { total: '=inputs.(' }));
        break;
      case 'fail':
        this.#fail(act.verb, act.times);
        break;
      case 'tamper':
        if (this.shop.see('Invoice', act.name)) this.shop.edit('Invoice', act.name, { spec: { total: -1 } });
        break;
      case 'pass':
        await this.shop.clock.advance(act.seconds * 1000);
    }
  }

  price(factor: number): void {
    this.factor = factor;
    this.shop.apply(valueFunction('price', { total: `=inputs.count * ${factor}` }));
  }

  #edit(who: string, count: number): void {
    this.counts.set(who, count);
    if (this.shop.see('Order', who) === undefined) this.shop.apply(order(who, { count }));
    else this.shop.edit('Order', who, { spec: { count } });
  }

  #annotate(who: string, key: string): void {
    if (this.shop.see('Order', who)) this.shop.annotate(who, { [key]: 'true' });
  }

  #fail(verb: string, times: number): void {
    let left = times;
    this.shop.store.intercept((call) => {
      if (call.verb !== verb || left === 0) return;
      left -= 1;
      throw new UnavailableError('down');
    });
  }
}

test('whatever happens to triggers, definitions and stores, the world comes to what was last asked for', async (t) => {
  await fc.assert(
    fc.asyncProperty(acts, async (script) => {
      const chaos = new Chaos();
      const { shop } = chaos;
      await shop.kernel.start();
      for (const act of script) await chaos.act(act);
      chaos.price(chaos.factor === 9 ? 8 : 9);
      for (const who of chaos.counts.keys()) shop.annotate(who, { 'koreo.dev/paused': 'false' });
      await shop.pass(3000);
      for (const [who, count] of chaos.counts) {
        t.like(shop.see('Invoice', who), { spec: { total: count * chaos.factor } });
        t.is(shop.ready(who), 'True Ready');
        t.deepEqual(shop.see('Order', who)?.status?.state, { total: count * chaos.factor });
      }
      t.deepEqual(
        shop.kernel
          .triggers()
          .map(({ trigger }) => trigger.name)
          .sort(),
        [...chaos.counts.keys()].sort(),
      );
      const { writes } = shop.store;
      await shop.pass(3000);
      t.is(shop.store.writes, writes, 'and then rests');
      t.deepEqual(shop.incidents, []);
      await shop.kernel.stop();
      t.is(shop.clock.pending, 0);
    }),
    { numRuns: 100 },
  );
});
