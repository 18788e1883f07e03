import { type Json, mergePatch } from '../../../plugin.js';
import { type HandlerContract, hasChange, specOf } from './harness.js';

/** What a read gives, and that it always gives how things are. */
export function reading({ test, capabilities }: HandlerContract): void {
  test('what is not there is undefined, each time', async (t, subject) => {
    t.is(await subject.read(), undefined);
    await subject.present(subject.sample('two'));
    t.is(await subject.read(), undefined);
    t.is(await subject.outside.look(subject.ref), undefined, 'reading makes nothing');
  });

  test('what is there is read under the name by which it was asked for, with all that it says', async (t, subject) => {
    const { apiVersion, kind, name, namespace } = subject.ref;
    const read = await subject.present();
    t.deepEqual(
      [read.apiVersion, read.kind, read.metadata.name, read.metadata.namespace],
      [apiVersion, kind, name, namespace],
    );
    t.deepEqual(mergePatch(specOf(read), specOf(subject.one)), specOf(read));
  });

  test('what has not changed is read the same again, in every detail', async (t, subject) => {
    const read = await subject.present();
    await subject.present(subject.sample('two'));
    t.deepEqual(await subject.read(), read);
  });

  test('resources of two names are two', async (t, subject) => {
    const one = await subject.present();
    const two = await subject.present(subject.changed(0, subject.sample('two')));
    t.deepEqual(await subject.read(), one);
    t.not(two.metadata.name, one.metadata.name);
    if (capabilities.uids) t.not(two.metadata.uid, one.metadata.uid);
  });

  test('what others change, take away and make again is seen by the next read', async (t, subject) => {
    const before = await subject.present();
    const after = await subject.present(subject.changed());
    hasChange(t, after, subject.change(0));
    t.notDeepEqual(specOf(after), specOf(before));
    await subject.outside.remove(subject.ref);
    t.is(await subject.read(), undefined);
    t.deepEqual(specOf(await subject.present()), specOf(before));
  });

  if (capabilities.revisions) {
    test('a resource has a revision, which is another when it says something else', async (t, subject) => {
      const before = await subject.present();
      const after = await subject.present(subject.changed());
      for (const { metadata } of [before, after]) {
        t.true(typeof metadata.resourceVersion === 'string' && metadata.resourceVersion !== '', 'a revision is a text');
      }
      t.not(after.metadata.resourceVersion, before.metadata.resourceVersion);
    });
  }

  if (capabilities.uids) {
    test('a resource has a uid, which stays its own when it changes', async (t, subject) => {
      const { uid } = (await subject.present()).metadata;
      t.true(typeof uid === 'string' && uid !== '', 'a uid is a text');
      t.is((await subject.present(subject.changed())).metadata.uid, uid);
    });
  }

  test('what is read is plain JSON', async (t, subject) => {
    const read = await subject.present();
    t.deepEqual(JSON.parse(JSON.stringify(read)), read, 'it holds what JSON has not');
    for (const part of parts(read as unknown as Json)) {
      const prototype: unknown = Object.getPrototypeOf(part);
      t.true(prototype === Object.prototype || Array.isArray(part), 'it holds an object of a class');
    }
  });

  test('what is done to a resource that was given changes no other', async (t, subject) => {
    const read = await subject.present();
    const before = structuredClone(read);
    spoil(read as unknown as Json);
    t.deepEqual(await subject.read(), before);
  });

  test('a resource that was given never changes later', async (t, subject) => {
    const read = await subject.present();
    const before = JSON.stringify(read);
    await subject.present(subject.changed());
    await subject.outside.remove(subject.ref);
    await subject.read();
    t.is(JSON.stringify(read), before);
  });
}

function* parts(value: Json): Generator<object> {
  if (typeof value !== 'object' || value === null) return;
  yield value;
  for (const part of Object.values(value)) yield* parts(part as Json);
}

/** Changes all that can be changed of a value; what is frozen stays. */
function spoil(value: Json): void {
  for (const part of [...parts(value)]) {
    for (const key of Object.keys(part)) {
      const held: unknown = Reflect.get(part, key);
      if (typeof held !== 'object' || held === null) Reflect.set(part, key, 'spoilt');
    }
    Reflect.set(part, Array.isArray(part) ? '0' : 'spoilt', 'spoilt');
  }
}
