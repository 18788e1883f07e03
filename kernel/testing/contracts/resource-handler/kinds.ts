import { type GroupVersionKind, gvkKey, StoreError } from '../../../plugin.js';
import type { HandlerContract } from './harness.js';

/** Kinds that nobody has, and that are written like nothing else. */
const STRANGE: readonly GroupVersionKind[] = [
  { apiVersion: 'mystery.koreo.dev/v1', kind: 'Mystery' },
  { apiVersion: '', kind: '' },
  { apiVersion: '__proto__', kind: 'constructor' },
];

/** What a handler says of its kinds before anything is read. */
export function kinds({ test, capabilities }: HandlerContract): void {
  test('it claims its kind, and each that it names, whenever it is asked', async (t, { handler, gvk }) => {
    t.not(handler.name, '');
    for (const one of [gvk, ...(handler.kinds ?? []), gvk]) t.is(handler.claims(one), true, gvkKey(one));
    if (handler.kinds !== undefined) {
      t.true(handler.kinds.map(gvkKey).includes(gvkKey(gvk)), 'the kind of the samples is not among `kinds`');
    }
  });

  test('a kind that nobody has is claimed or not, without an error', async (t, { handler }) => {
    for (const one of STRANGE) t.is(typeof handler.claims(one), 'boolean');
  });

  test('what it says of its kind is right, and the same each time', async (t, { handler, gvk, ref }) => {
    const info = await handler.kind(gvk, {});
    t.like(info, { ...gvk, namespaced: ref.namespace !== undefined });
    const plural = info?.plural ?? '';
    t.true(plural !== '' && plural === plural.toLowerCase(), '`plural` is a word in lower case');
    t.deepEqual(await handler.kind(gvk, {}), info);
    t.deepEqual(JSON.parse(JSON.stringify(info)), info);
  });

  test('it says which store its kind lies in, the same each time', async (t, { handler, gvk }) => {
    const store = handler.storeOf(gvk, {});
    t.true(typeof store === 'string' && store !== '');
    t.is(handler.storeOf(gvk, {}), store);
    t.is(handler.storeOf(gvk, { store }), store);
  });

  test('a store that it does not know is refused as a StoreError, or does not matter', async (t, { handler, gvk }) => {
    let answer: unknown;
    try {
      answer = handler.storeOf(gvk, { store: 'nobody-has-this-store' });
    } catch (error) {
      answer = error;
    }
    t.true(typeof answer === 'string' || answer instanceof StoreError, String(answer));
  });

  test('it has a watch exactly when it can tell of changes', async (t, { handler }) => {
    t.is(handler.watch !== undefined, capabilities.watches, 'see the capability `watches`');
  });
}
