import test from 'ava';
import { type Resource, refKey, refOf, type StoreEvent } from 'koreo-kernel';
import { VirtualClock } from 'koreo-kernel/testing';
import { Observable } from 'rxjs';
import type { Found } from '../../../plugins/http/mapping/item-mapping.js';
import { KindPoll } from '../../../plugins/http/watch/kind-poll.js';
import { fc } from '../../support/property.js';
import { BOX } from './support/box-api.js';

/** What happens in a world that is looked at: by others, by this process, and by looks that take their time. */
type Step =
  | { readonly type: 'others-put'; readonly name: string; readonly value: number }
  | { readonly type: 'own-write'; readonly name: string; readonly value: number }
  | { readonly type: 'others-delete'; readonly name: string }
  /** A look sees how things are now; what it saw is told only when it ends. */
  | { readonly type: 'look-begins' }
  | { readonly type: 'look-ends' }
  | { readonly type: 'look-fails' };

const name = fc.constantFrom('a', 'b');
const value = fc.integer({ min: 0, max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant('others-put' as const), name, value }),
  fc.record({ type: fc.constant('own-write' as const), name, value }),
  fc.record({ type: fc.constant('others-delete' as const), name }),
  fc.constant<Step>({ type: 'look-begins' }),
  fc.constant<Step>({ type: 'look-ends' }),
  fc.constant<Step>({ type: 'look-fails' }),
);

function found(name_: string, value_: number): Found {
  const metadata = { name: name_, uid: name_, resourceVersion: String(value_) };
  return { item: { json: {} }, resource: { ...BOX, metadata, spec: { value: value_ } } };
}

/** A world of boxes with a poll that looks when it is told to. */
class World {
  readonly items = new Map<string, Found>();
  readonly told = new Map<string, Resource>();
  readonly clock = new VirtualClock();
  readonly faults: string[] = [];
  #synced = 0;
  #look:
    | { readonly saw: Map<string, Found>; readonly end: (saw: Map<string, Found>) => void; readonly fail: () => void }
    | undefined;
  poll: KindPoll | undefined;

  start(): () => void {
    const events = new Observable<StoreEvent>((subscriber) => {
      const poll = new KindPoll(
        {
          survey: { look: () => this.#begin(), forget: () => undefined },
          clock: this.clock,
          everyMs: 10,
          longestMs: 20,
          onFailure: () => undefined,
        },
        subscriber,
      );
      this.poll = poll;
      void poll.run();
      return () => poll.stop();
    });
    const subscription = events.subscribe((event) => this.#hear(event));
    return () => subscription.unsubscribe();
  }

  async end(): Promise<void> {
    const look = this.#look;
    this.#look = undefined;
    look?.end(look.saw);
    await this.clock.settle();
  }

  async fail(): Promise<void> {
    const look = this.#look;
    this.#look = undefined;
    look?.fail();
    await this.clock.settle();
  }

  /** Lets the next look begin, unless one is under way. */
  async begin(): Promise<void> {
    if (this.#look === undefined) await this.clock.advance(1000);
  }

  #begin(): Promise<ReadonlyMap<string, Found>> {
    return new Promise((resolve, reject) => {
      this.#look = { saw: new Map(this.items), end: resolve, fail: () => reject(new Error('down')) };
    });
  }

  #hear(event: StoreEvent): void {
    if (event.type === 'synced') {
      this.#synced += 1;
      if (this.#synced > 1) this.faults.push('synced twice');
      return;
    }
    const key = refKey(refOf(event.resource));
    const known = this.told.has(key);
    if (known === (event.type === 'added'))
      this.faults.push(`${event.type} ${key} though it was ${known ? 'there' : 'not there'}`);
    if (event.type === 'deleted') this.told.delete(key);
    else this.told.set(key, event.resource);
  }
}

test('whatever happens between and amid looks, what a watch has told adds up to what is there', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const world = new World();
      const stop = world.start();
      const key = (one: string): string => refKey({ ...BOX, name: one });
      /** What this process wrote, as long as nobody else has done anything to it. */
      const ours = new Map<string, Found>();
      for (const one of steps) {
        switch (one.type) {
          case 'others-put':
            ours.delete(key(one.name));
            world.items.set(key(one.name), found(one.name, one.value));
            break;
          case 'others-delete':
            ours.delete(key(one.name));
            world.items.delete(key(one.name));
            break;
          case 'own-write': {
            const written = found(one.name, one.value);
            world.items.set(key(one.name), written);
            world.poll?.note(written);
            ours.set(key(one.name), written);
            break;
          }
          case 'look-begins':
            await world.begin();
            break;
          case 'look-ends':
            await world.end();
            break;
          case 'look-fails':
            await world.fail();
        }
        // What we wrote is told at once, and no look that saw how things were before brings that back.
        for (const [at, { resource }] of ours) t.deepEqual(world.told.get(at), resource);
      }
      // One look that begins after all of it.
      await world.end();
      await world.begin();
      await world.end();
      t.deepEqual([...world.told].sort(), [...world.items].map(([at, { resource }]) => [at, resource] as const).sort());
      t.deepEqual(world.faults, []);
      stop();
      await world.clock.settle();
      t.is(world.clock.pending, 0);
    }),
    { numRuns: 200 },
  );
  t.pass();
});
