import test from 'ava';
import type { Store } from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import { GADGET, nodeAssertions, type StoreCapabilities, storeContract, WIDGET } from 'koreo-kernel/testing/contracts';

const capabilities: Partial<StoreCapabilities> = {
  anyKind: true,
  shared: false,
  durable: false,
  outside: false,
  holdsDeletion: true,
};

/** The contract of a store in memory, changed as given, in the words of no test runner. */
function casesOf(change: (store: MemoryStore) => Store = (store) => store): ReturnType<typeof storeContract> {
  return storeContract(async () => {
    const kinds = [WIDGET, GADGET].map((gvk) => ({ ...gvk, plural: `${gvk.kind.toLowerCase()}s`, namespaced: true }));
    const memory = new MemoryStore({ kinds });
    return {
      store: change(memory),
      authorsPart: async (ref) => memory.peek(ref)?.spec,
      dispose: () => memory.close(),
    };
  }, capabilities);
}

async function brokenOf(cases: ReturnType<typeof storeContract>): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const { title, run } of cases)
    await run().catch((error: unknown) => {
      if (!(error instanceof Error && error.name === 'AssertionError')) throw error;
      broken.push(title);
    });
  return broken;
}

test.serial('a store that keeps the contract passes every case, with no test runner', async (t) => {
  const cases = casesOf();
  t.true(cases.length > 80);
  t.is(new Set(cases.map(({ title }) => title)).size, cases.length);
  t.deepEqual(await brokenOf(cases), []);
});

test.serial('a store that does not look at revisions breaks those promises, and no other', async (t) => {
  const cases = casesOf((memory) => {
    const patch: Store['patch'] = (ref, body, { revision: _unread, ...options } = {}) =>
      MemoryStore.prototype.patch.call(memory, ref, body, options);
    return Object.assign(memory, { patch });
  });
  t.deepEqual(await brokenOf(cases), [
    'patch with a stale revision is a conflict, and writes nothing',
    'of guarded patches at once exactly one wins',
  ]);
});

test('the assertions of contracts hold what they say', async (t) => {
  const { like, throwsAsync, notThrowsAsync } = nodeAssertions;
  t.notThrows(() => like({ a: 1, b: { c: 2, d: 3 } }, { b: { c: 2 } }));
  t.throws(() => like({ a: 1 }, { a: 2 }));
  t.throws(() => like({ a: 1 }, { b: undefined }));
  const error = new TypeError('x');
  t.is(await throwsAsync(Promise.reject(error), { instanceOf: TypeError }), error);
  await t.throwsAsync(throwsAsync(Promise.resolve(1)), { message: /expected to reject/ });
  await t.throwsAsync(throwsAsync(Promise.reject(error), { instanceOf: RangeError }), { message: /RangeError, not/ });
  await t.throwsAsync(notThrowsAsync(Promise.reject(error)));
  for (const assertion of ['is', 'deepEqual'] as const) {
    t.notThrows(() => nodeAssertions[assertion](1, 1));
    t.throws(() => nodeAssertions[assertion](1, 2));
  }
  for (const assertion of ['not', 'notDeepEqual'] as const) {
    t.notThrows(() => nodeAssertions[assertion](1, 2));
    t.throws(() => nodeAssertions[assertion](1, 1));
  }
  t.throws(() => nodeAssertions.true(1));
  t.throws(() => nodeAssertions.false(0));
  t.throws(() => nodeAssertions.truthy(''));
});
