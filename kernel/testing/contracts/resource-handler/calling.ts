import { type CallOptions, type JsonObject, type Resource, refOf } from '../../../plugin.js';
import { failure, refuses, told } from './errors.js';
import type { HandlerContract, HandlerSubject } from './harness.js';

type Call = (subject: HandlerSubject, options: CallOptions) => Promise<unknown>;

/** What every call promises: what it makes of signals and arguments, and what it says when nobody can be reached. */
export function calling(contract: HandlerContract): void {
  aborting(contract);
  arguing(contract);
  failing(contract);
}

function calls({ capabilities }: HandlerContract): readonly (readonly [string, Call])[] {
  const { creates, updates, removes } = capabilities;
  const all: readonly (readonly [string, boolean, Call])[] = [
    ['read', true, (subject, { signal }) => subject.read(subject.ref, signal)],
    ['create', creates, (subject, options) => subject.handler.create(subject.sample('two'), options)],
    ['apply', updates, (subject, options) => subject.handler.apply(subject.changed(), options)],
    ['patch', updates, (subject, options) => subject.handler.patch(subject.ref, subject.patch(), options)],
    ['remove', removes, (subject, options) => subject.handler.remove(subject.ref, options)],
  ];
  return all.flatMap(([name, can, call]) => (can ? [[name, call] as const] : []));
}

async function world(subject: HandlerSubject): Promise<unknown> {
  return [await subject.witness(), await subject.outside.look(refOf(subject.sample('two')))];
}

function aborting(contract: HandlerContract): void {
  for (const [name, call] of calls(contract)) {
    contract.test(`${name} with an aborted signal rejects with its reason, and does nothing`, async (t, subject) => {
      await subject.present();
      const before = await world(subject);
      const reason = new Error('enough');
      t.is(await failure(() => call(subject, { signal: AbortSignal.abort(reason) })), reason);
      t.deepEqual(await world(subject), before);
    });

    contract.test(
      `${name} with a signal that is aborted on the way settles, and harms no later call`,
      async (t, subject) => {
        await subject.present();
        const reason = new Error('enough');
        const controller = new AbortController();
        const pending = failure(() => call(subject, { signal: controller.signal }));
        controller.abort(reason);
        const error = await pending;
        t.true(error === undefined || error === reason, told(error));
        await subject.outside.remove(subject.ref);
        await subject.outside.remove(refOf(subject.sample('two')));
        await subject.present();
        t.is(await failure(() => call(subject, {})), undefined);
      },
    );
  }
}

const LATE = 'what was done to the argument after the call was written: copy it before anything is awaited';

/** What the caller gave is the caller's: nobody else changes it, and what becomes of it later does not matter. */
function arguing({ test, capabilities }: HandlerContract): void {
  if (capabilities.creates) {
    test('create leaves its argument alone, and what is done to it afterwards has no effect', async (t, subject) => {
      await t.notThrowsAsync(subject.handler.create(subject.one, {}), 'the argument is frozen');
      const mine = structuredClone(subject.sample('two')) as Resource & { spec: JsonObject };
      const creating = subject.handler.create(mine, {});
      empty(mine.spec);
      const created = await creating;
      await subject.present(subject.sample('two'));
      t.deepEqual((await subject.read(refOf(created)))?.spec, created.spec, LATE);
    });
  }
  if (!capabilities.updates) return;
  test('apply and patch leave their arguments alone, and what is done to them afterwards has no effect', async (t, subject) => {
    await subject.present();
    await t.notThrowsAsync(subject.handler.patch(subject.ref, subject.patch(), {}), 'the argument is frozen');
    const expected = (await subject.read())?.spec;
    await subject.present();
    const patch = structuredClone(subject.patch()) as { spec: JsonObject };
    const patching = subject.handler.patch(subject.ref, patch, {});
    empty(patch.spec);
    t.deepEqual((await patching).spec, expected, LATE);
    await subject.present();
    const target = structuredClone(subject.changed()) as Resource & { spec: JsonObject };
    const applying = subject.handler.apply(target, {});
    empty(target.spec);
    t.deepEqual((await applying).spec, expected, LATE);
  });
}

/** Takes everything out of the object. */
function empty(value: object): void {
  for (const [key, part] of Object.entries(value)) {
    if (typeof part === 'object' && part !== null) empty(part);
    Reflect.deleteProperty(value, key);
  }
}

function failing(contract: HandlerContract): void {
  if (!contract.capabilities.breaksDown) return;
  for (const [name, call] of calls(contract)) {
    contract.test(
      `${name} says that it may succeed later when nobody can be reached, and then does`,
      async (t, subject) => {
        await subject.present();
        const before = await world(subject);
        await subject.whileBroken(() => refuses(t, () => call(subject, {}), { retriable: true }, name));
        t.deepEqual(await world(subject), before);
        t.is(await failure(() => call(subject, {})), undefined);
      },
    );
  }
}
