import { refOf } from '../../../plugin.js';
import { handles, leftOver } from '../handles.js';
import type { HandlerContract, HandlerSubject } from './harness.js';

/** So many steps of time, in which what is told too much would be told. */
const SILENT_STEPS = 15;
const DEADLINE_MS = 3000;

/** What a watch tells, for handlers that have one. */
export function watching(contract: HandlerContract): void {
  if (!contract.capabilities.watches) return;
  telling(contract);
  ending(contract);
}

function telling({ test, capabilities }: HandlerContract): void {
  test('a watch tells what is there as it is read, and then that this was all, once', async (t, subject) => {
    const one = await subject.present();
    const two = await subject.present(subject.sample('two'));
    const log = await subject.synced();
    t.deepEqual(log.story.toSorted(), ['added one', 'added two', 'synced']);
    t.is(log.story.at(-1), 'synced');
    t.deepEqual(await log.resource('added', one.metadata.name), one);
    t.deepEqual(await log.resource('added', two.metadata.name), two);
  });

  test('a watch of nothing tells that this was all', async (t, subject) => {
    const log = await subject.synced();
    t.deepEqual(log.story, ['synced']);
  });

  test('a watch tells what others make, change and take away, as it is read', async (t, subject) => {
    const log = await subject.synced();
    const { name } = subject.ref;
    const made = await subject.present();
    t.deepEqual(await log.resource('added', name), made);
    const changed = await subject.present(subject.changed());
    t.deepEqual(await log.resource('modified', name), changed);
    await subject.outside.remove(subject.ref);
    t.deepEqual(await log.resource('deleted', name), changed, 'the last that was known of it');
  });

  test('what has not changed is told once', async (t, subject) => {
    await subject.present();
    const log = await subject.synced();
    await silence(subject);
    t.deepEqual(log.story, [`added ${subject.ref.name}`, 'synced']);
  });

  if (capabilities.creates && capabilities.updates && capabilities.removes) {
    test('a watch tells what is written through the handler, as the write gave it', async (t, subject) => {
      const log = await subject.synced();
      const { name } = subject.ref;
      const made = await subject.handler.create(subject.one, {});
      t.deepEqual(await log.resource('added', name), made);
      const changed = await subject.handler.patch(subject.ref, subject.patch(), {});
      t.deepEqual(await log.resource('modified', name), changed);
      await subject.handler.remove(subject.ref, {});
      t.deepEqual(await log.resource('deleted', name), changed, 'the last that was known of it');
    });
  }

  test('each watch tells all, whoever watches beside it', async (t, subject) => {
    await subject.present();
    const first = await subject.synced();
    const second = await subject.synced();
    t.deepEqual(second.story, [`added ${subject.ref.name}`, 'synced']);
    first.stop();
    await subject.present(subject.sample('two'));
    await second.resource('added', refOf(subject.sample('two')).name);
    t.is(first.events.length, 2, 'one that has ended is told nothing more');
  });

  test('what a watch told never changes later', async (t, subject) => {
    await subject.present();
    const log = await subject.synced();
    const told = JSON.stringify(log.events);
    await subject.present(subject.changed());
    await log.resource('modified', subject.ref.name);
    t.is(JSON.stringify(log.events.slice(0, 2)), told);
  });

  if (!capabilities.breaksDown) return;
  test('a watch outlives a time in which nobody can be reached, and tells what changed after it', async (t, subject) => {
    await subject.present();
    const log = await subject.synced();
    await subject.whileBroken(() => silence(subject));
    t.deepEqual(log.story, [`added ${subject.ref.name}`, 'synced'], 'what cannot be seen is not gone');
    const changed = await subject.present(subject.changed());
    t.deepEqual(await log.resource('modified', subject.ref.name), changed);
    t.is(log.ended, undefined);
  });

  test('a watch that begins while nobody can be reached tells all when somebody can', async (t, subject) => {
    await subject.present();
    const log = await subject.whileBroken(async () => {
      const begun = subject.watch();
      await silence(subject);
      return begun;
    });
    await log.synced();
    t.is(log.ended, undefined);
    t.deepEqual(log.story, [`added ${subject.ref.name}`, 'synced']);
  });
}

function ending({ test }: HandlerContract): void {
  test('a watch that is ended tells nothing more, also when it has hardly begun', async (t, subject) => {
    const hardly = subject.watch();
    hardly.stop();
    const told = hardly.events.length;
    const log = await subject.synced();
    log.stop();
    await subject.present();
    await silence(subject);
    t.deepEqual([hardly.events.length, log.story], [told, ['synced']]);
  });

  test('a watch that is ended leaves no timer and no handle behind', async (t, subject) => {
    // What is made once and kept for later is there after the first.
    (await subject.synced()).stop();
    await idle(subject);
    const before = handles();
    for (let times = 0; times < 3; times++) (await subject.synced()).stop();
    subject.watch().stop();
    t.is(await idle(subject), 0, 'timers are left on the clock');
    t.deepEqual(await leftOver(before), []);
  });
}

/** Lets time pass in which nothing is to be told. */
async function silence(subject: HandlerSubject): Promise<void> {
  for (let step = 0; step < SILENT_STEPS; step++) await subject.passTime();
}

/** How many timers are on the clock of the test, when they have had time to go. */
async function idle({ clock }: HandlerSubject): Promise<number> {
  const deadline = Date.now() + DEADLINE_MS;
  while ((clock?.pending ?? 0) > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return clock?.pending ?? 0;
}
