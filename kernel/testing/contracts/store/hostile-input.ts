import { InvalidResourceError, type JsonObject, type Resource } from '../../../plugin.js';
import { EventLog } from '../event-log.js';
import { HOSTILE_NAMES } from '../hostile-names.js';
import { type Contract, canonical, Samples, WIDGET } from './harness.js';

/** Keys that are data, wherever they stand; parsed, so that `__proto__` is an own key. */
const HOSTILE_DATA = JSON.parse(
  `{"__proto__": {"polluted": 1, "__proto__": {"deep": 1}}, "constructor": {"prototype": {"polluted": 1}},
    "prototype": 1, "toString": "text", "hasOwnProperty": null, "": "empty", "a.b/c~d": 1, "with \\"quotes\\"": 2, "0": "zero",
    "list": [{"__proto__": {"polluted": 1}}]}`,
) as JsonObject;

/** What happens with names and keys that somebody chose to do harm. */
export function hostileInput(contract: Contract): void {
  hostileNames(contract);
  hostilePairs(contract);
  hostileKeys(contract);
}

function hostileNames({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);

  test('a hostile name is stored safely or refused as invalid', async (t, harness) => {
    const { store } = harness;
    const taken: string[] = [];
    for (const name of HOSTILE_NAMES) {
      const error = await failure(store.create(samples.resource(name, { for: name })));
      if (error === undefined) taken.push(name);
      else t.true(error instanceof InvalidResourceError, `${JSON.stringify(name)}: ${String(error)}`);
    }
    for (const name of taken) {
      const read = await store.get(samples.ref(name));
      t.deepEqual([read?.metadata.name, read?.spec], [name, { for: name }]);
    }
    t.deepEqual((await store.list(WIDGET)).items.map(({ metadata }) => metadata.name).toSorted(), taken.toSorted());
    await t.notThrowsAsync(store.create(samples.resource('plain')));
    t.deepEqual((await harness.escapes?.()) ?? [], []);
    for (const name of taken) {
      await store.patchStatus(samples.ref(name), { status: { of: name } });
      await store.patch(samples.ref(name), { spec: { more: true } });
      const read = await store.get(samples.ref(name));
      t.deepEqual([read?.spec, read?.status], [{ for: name, more: true }, { of: name }]);
      await store.delete(samples.ref(name));
      t.is(await store.get(samples.ref(name)), undefined);
    }
    t.deepEqual(
      (await store.list(WIDGET)).items.map(({ metadata }) => metadata.name),
      ['plain'],
    );
    t.deepEqual((await harness.escapes?.()) ?? [], []);
  });

  test('reading and deleting what has a hostile name finds nothing, or refuses it as invalid', async (t, harness) => {
    for (const name of HOSTILE_NAMES) {
      const read = await outcome(harness.store.get(samples.ref(name)));
      t.true(read === undefined || read instanceof InvalidResourceError, `${JSON.stringify(name)}: ${String(read)}`);
      const gone = await outcome(harness.store.delete(samples.ref(name)));
      t.true(gone === undefined || gone instanceof InvalidResourceError, `${JSON.stringify(name)}: ${String(gone)}`);
    }
    t.deepEqual((await harness.escapes?.()) ?? [], []);
  });

  if (capabilities.namespaced) {
    test('a hostile namespace is stored safely or refused as invalid', async (t, harness) => {
      const { store } = harness;
      for (const namespace of HOSTILE_NAMES) {
        const error = await failure(store.create(samples.resource('one', { for: namespace }, { namespace })));
        if (error === undefined)
          t.deepEqual((await store.get(samples.ref('one', { namespace })))?.spec, { for: namespace });
        else t.true(error instanceof InvalidResourceError, `${JSON.stringify(namespace)}: ${String(error)}`);
      }
      const seen = (await store.list(WIDGET)).items.map(({ metadata, spec }) => [metadata.namespace, spec]);
      for (const [namespace, spec] of seen) t.deepEqual(spec, { for: namespace ?? null });
      t.deepEqual((await harness.escapes?.()) ?? [], []);
    });
  }
}

function hostilePairs({ test, capabilities }: Contract): void {
  if (!capabilities.namespaced) return;
  const samples = new Samples(capabilities);

  test('namespaces and names that read alike when joined are different resources', async (t, { store }) => {
    const pairs = [
      ['a', 'b/c'],
      ['a/b', 'c'],
      ['a', 'b|c'],
      ['a|b', 'c'],
      ['a', 'b.c'],
      ['a.b', 'c'],
      ['a', 'b-c'],
      ['a-b', 'c'],
    ] as const;
    const taken: [string, string][] = [];
    for (const [namespace, name] of pairs) {
      const error = await failure(store.create(samples.resource(name, { namespace, name }, { namespace })));
      if (error === undefined) taken.push([namespace, name]);
      else t.true(error instanceof InvalidResourceError, `${namespace} ${name}: ${String(error)}`);
    }
    for (const [namespace, name] of taken) {
      t.deepEqual((await store.get(samples.ref(name, { namespace })))?.spec, { namespace, name });
    }
    t.is((await store.list(WIDGET)).items.length, taken.length);
  });
}

function hostileKeys({ test, capabilities }: Contract): void {
  const samples = new Samples(capabilities);
  const ref = samples.ref('one');

  test('keys like __proto__ are data: created, read, listed and watched as given', async (t, { store }) => {
    const expected = canonical(HOSTILE_DATA);
    const log = await EventLog.synced(store, WIDGET);
    const created = await store.create(samples.resource('one', withoutNulls(HOSTILE_DATA)));
    const everywhere: readonly (Resource | undefined)[] = [
      created,
      await store.get(ref),
      (await store.list(WIDGET)).items[0],
      await log.resource('added', 'one'),
    ];
    const given = canonical(withoutNulls(HOSTILE_DATA));
    for (const resource of everywhere) t.is(canonical(resource?.spec), given);
    t.is(canonical(HOSTILE_DATA), expected);
    t.false('polluted' in {});
    log.stop();
  });

  test('keys like __proto__ are merged and removed as any other', async (t, { store }) => {
    await store.create(samples.resource('one', { a: 1 }));
    const patched = await store.patch(ref, {
      spec: parse('{"__proto__": {"x": 1, "y": 2}, "constructor": {"prototype": 1}}'),
    });
    t.is(canonical(patched.spec), '{"__proto__":{"x":1,"y":2},"a":1,"constructor":{"prototype":1}}');
    const again = await store.patch(ref, { spec: parse('{"__proto__": {"x": null}, "constructor": null}') });
    t.is(canonical(again.spec), '{"__proto__":{"y":2},"a":1}');
    const removed = await store.patch(ref, { spec: parse('{"__proto__": null}') });
    t.is(canonical(removed.spec), '{"a":1}');
    t.is(canonical(await store.get(ref)), canonical(removed));
    t.false('x' in {});
  });

  test('keys like __proto__ in a status or an annotation are data', async (t, { store }) => {
    await store.create(samples.resource('one'));
    const status = parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}');
    const annotations = parse('{"__proto__": "text", "constructor": "text"}') as Readonly<Record<string, string>>;
    if (capabilities.anyAnnotationKey) {
      const annotated = await store.patchStatus(ref, { annotations });
      t.is(canonical(annotated.metadata.annotations), canonical(annotations));
    } else {
      await t.throwsAsync(store.patchStatus(ref, { annotations }), { instanceOf: InvalidResourceError });
      t.is((await store.get(ref))?.metadata.annotations, undefined);
    }
    const told = await store.patchStatus(ref, { status });
    t.is(canonical(told.status), canonical(status));
    t.is(canonical(await store.get(ref)), canonical(told));
    const untold = await store.patchStatus(ref, { status: parse('{"__proto__": null}') });
    t.is(canonical(untold.status), '{"constructor":{"prototype":{"polluted":1}}}');
    t.false('polluted' in {});
  });

  test('a patch of __proto__ at the top never reaches a prototype', async (t, { store }) => {
    await store.create(samples.resource('one', { a: 1 }));
    const error = await failure(store.patch(ref, parse('{"__proto__": {"polluted": 1}}')));
    t.true(error === undefined || error instanceof InvalidResourceError, String(error));
    t.false('polluted' in {});
    const read = await store.get(ref);
    t.is(Object.getPrototypeOf(read), Object.prototype);
    t.deepEqual(read?.spec, { a: 1 });
  });
}

function parse(text: string): JsonObject {
  return JSON.parse(text) as JsonObject;
}

/** Stores may drop nulls, as API servers do. */
function withoutNulls(data: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));
}

async function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** What the call gives, or what it throws. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => error);
}
