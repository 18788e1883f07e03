import { AlreadyExistsError, ConflictError, mergePatch, refOf } from '../../../plugin.js';
import { told } from './errors.js';
import { type HandlerContract, type HandlerSubject, hasChange, specOf } from './harness.js';

const WRITERS = 6;

/** What happens when several write at once. */
export function concurrency({ test, capabilities }: HandlerContract): void {
  const { creates, updates, removes, revisions, severalFields, guardsAtomically } = capabilities;

  if (updates && severalFields) {
    test('patches of different fields at once are conflicts, or all survive', async (t, subject) => {
      await subject.present();
      const indexes = [...subject.samples.changes.keys()];
      const results = await Promise.allSettled(
        indexes.map((index) => subject.handler.patch(subject.ref, subject.patch(index), {})),
      );
      const read = await subject.read();
      for (const [index, result] of results.entries()) {
        if (result.status === 'fulfilled')
          hasChange(t, read, subject.change(index), `change ${index} was done, and is lost`);
        else t.true(result.reason instanceof ConflictError, told(result.reason));
      }
      t.true(results.some(({ status }) => status === 'fulfilled'));
    });
  }

  if (updates) {
    test('a read beside a write gives one whole state or the other', async (t, subject) => {
      const before = await subject.present();
      const [written, ...read] = await Promise.all([
        subject.handler.patch(subject.ref, subject.patch(), {}),
        ...Array.from({ length: WRITERS }, () => subject.read()),
      ]);
      const states = [before, written].map((one) => JSON.stringify(specOf(one)));
      for (const one of read) t.true(one !== undefined && states.includes(JSON.stringify(specOf(one))));
    });
  }

  if (updates && revisions && guardsAtomically) {
    test('of guarded patches at once exactly one wins', async (t, subject) => {
      const before = await subject.present();
      const revision = before.metadata.resourceVersion ?? '';
      const { changes } = subject.samples;
      const results = await Promise.allSettled(
        changes.map((_, index) => subject.handler.patch(subject.ref, subject.patch(index), { revision })),
      );
      const winners = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
      t.is(winners.length, 1, `${winners.length} of ${changes.length} were done`);
      for (const result of results) {
        if (result.status === 'rejected') t.true(result.reason instanceof ConflictError, told(result.reason));
      }
      t.deepEqual(
        specOf((await subject.read()) ?? before),
        mergePatch(specOf(before), subject.change(winners[0] ?? 0)),
      );
    });
  }

  if (creates) {
    test('of creates of one name at once exactly one wins', async (t, subject) => {
      const results = await Promise.allSettled(
        Array.from({ length: WRITERS }, () => subject.handler.create(subject.one, {})),
      );
      t.is(results.filter(({ status }) => status === 'fulfilled').length, 1);
      for (const result of results) {
        if (result.status === 'rejected') t.true(result.reason instanceof AlreadyExistsError, told(result.reason));
      }
      t.not(await subject.read(), undefined);
    });

    test('creates of different names at once all survive', async (t, subject) => {
      const samples = names(subject);
      const created = await Promise.all(samples.map((sample) => subject.handler.create(sample, {})));
      for (const one of created) t.deepEqual(await subject.read(refOf(one)), one);
    });
  }

  if (removes) {
    test('removals at once are all done', async (t, subject) => {
      await subject.present();
      await t.notThrowsAsync(
        Promise.all(Array.from({ length: WRITERS }, () => subject.handler.remove(subject.ref, {}))),
      );
      t.is(await subject.read(), undefined);
    });
  }
}

function names(subject: HandlerSubject) {
  return Array.from({ length: WRITERS }, (_, index) => subject.sample(`n${index}`));
}
