import { InvalidResourceError, type JsonObject, NotFoundError, refOf, StoreError } from '../../../plugin.js';
import { HOSTILE_NAMES } from '../hostile-names.js';
import { failure, quoted, told } from './errors.js';
import type { HandlerContract, HandlerSubject } from './harness.js';

/** Patches that are data, wherever they stand; parsed, so that `__proto__` is an own key. */
const HOSTILE_PATCHES = [
  '{"spec": {"__proto__": {"polluted": 1}}}',
  '{"spec": {"constructor": {"prototype": {"polluted": 1}}}}',
  '{"spec": {"__proto__": null, "toString": "text", "hasOwnProperty": null}}',
  '{"__proto__": {"polluted": 1}}',
  '{"metadata": {"__proto__": {"polluted": 1}}}',
];

/** What happens with names and keys that somebody chose to do harm. */
export function hostileInput({ test, capabilities }: HandlerContract): void {
  test('a read of what has a hostile name finds nothing, or is refused as invalid', async (t, subject) => {
    const witness = await subject.present();
    for (const name of HOSTILE_NAMES) {
      const said = quoted(name);
      const { ref, read, error } = await readOf(subject, name);
      if (error === undefined) t.is(read, undefined, said);
      else t.true(error instanceof InvalidResourceError, `${said}: ${told(error)}`);
      if (!capabilities.removes) continue;
      const refused = await failure(() => subject.handler.remove(ref, {}));
      t.true(refused === undefined || refused instanceof InvalidResourceError, `${said}: ${told(refused)}`);
    }
    t.deepEqual(await subject.read(), witness);
    t.deepEqual(await subject.escapes(), []);
  });

  if (capabilities.creates) {
    test('a resource of a hostile name is made safely, or refused as invalid', async (t, subject) => {
      const witness = await subject.present();
      const taken: string[] = [];
      for (const name of HOSTILE_NAMES) {
        const error = await failure(() => subject.handler.create(subject.named(name), {}));
        if (error === undefined) taken.push(name);
        else t.true(error instanceof InvalidResourceError, `${quoted(name)}: ${told(error)}`);
      }
      for (const name of taken) t.is((await readOf(subject, name)).read?.metadata.name, name);
      if (capabilities.removes) {
        for (const name of taken) {
          await subject.handler.remove({ ...subject.ref, name }, {});
          t.is((await readOf(subject, name)).read, undefined, quoted(name));
        }
      }
      t.deepEqual(await subject.read(), witness);
      t.deepEqual(await subject.escapes(), []);
    });
  }

  if (!capabilities.updates) return;
  test('keys like __proto__ in a patch are data, or refused as invalid, and reach no prototype', async (t, subject) => {
    for (const text of HOSTILE_PATCHES) {
      await subject.present();
      const error = await failure(() => subject.handler.patch(subject.ref, JSON.parse(text) as JsonObject, {}));
      t.true(error === undefined || error instanceof InvalidResourceError, `${text}: ${told(error)}`);
      const read = await subject.read();
      t.is(Object.getPrototypeOf(read), Object.prototype, text);
      t.is(Object.getPrototypeOf(read?.metadata), Object.prototype, text);
      t.is(Object.getPrototypeOf(read?.spec), Object.prototype, text);
      t.false('polluted' in {}, text);
      await subject.outside.remove(subject.ref);
    }
  });

  test('a patch cannot make a resource another one', async (t, subject) => {
    const other = refOf(subject.sample('two'));
    for (const patch of [
      { metadata: { name: other.name } },
      { kind: 'Mystery' },
      { apiVersion: 'v9' },
      { metadata: null },
      { kind: null },
    ]) {
      const before = await subject.present();
      const error = await failure(() => subject.handler.patch(subject.ref, patch, {}));
      t.true(error === undefined || error instanceof StoreError, `${JSON.stringify(patch)}: ${told(error)}`);
      t.false(error instanceof NotFoundError, `${JSON.stringify(patch)}: ${told(error)}`);
      t.deepEqual(await subject.read(), before, JSON.stringify(patch));
      t.is(await subject.outside.look(other), undefined);
    }
  });
}

async function readOf(subject: HandlerSubject, name: string) {
  const ref = { ...subject.ref, name };
  try {
    return { ref, read: await subject.read(ref), error: undefined };
  } catch (error) {
    return { ref, read: undefined, error };
  }
}
