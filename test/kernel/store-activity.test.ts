import test from 'ava';
import type { NamedActivity, StoreActivity } from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import { Subject } from 'rxjs';
import { Harness } from '../support/kernel-harness.js';

class WiredStore extends MemoryStore {
  readonly activity = new Subject<StoreActivity>();
}

test('what the stores do on the wire is told with the name of the store; those without a wire tell nothing', async (t) => {
  const [near, far] = [new WiredStore({ name: 'near' }), new WiredStore({ name: 'far' })];
  const shop = new Harness({
    stores: [near, far, new MemoryStore()],
    defaultStore: 'near',
    definitions: [{ store: 'near' }],
  });
  t.teardown(() => shop.kernel.stop());
  const told: NamedActivity[] = [];
  const listening = shop.kernel.storeActivity.subscribe((one) => told.push(one));
  const call = { type: 'call', verb: 'list', code: '200', durationMs: 3 } as const;
  const restart = { type: 'watch-restart', kind: { apiVersion: 'v1', kind: 'Secret' }, why: 'expired' } as const;
  near.activity.next(call);
  far.activity.next(restart);
  listening.unsubscribe();
  near.activity.next(call);
  t.deepEqual(told, [
    { store: 'near', activity: call },
    { store: 'far', activity: restart },
  ]);
});
