import { ConflictError, guardsOf, type WriteOptions } from '../../../plugin.js';
import { failure, told } from './errors.js';
import type { HandlerContract, HandlerSubject } from './harness.js';

type GuardedWrite = (subject: HandlerSubject, options: WriteOptions) => Promise<unknown>;

/** What becomes of a write that was computed from something older, or is meant for another object. */
export function guarding({ test, capabilities }: HandlerContract): void {
  const { updates, removes, revisions, uids } = capabilities;
  const updating: readonly (readonly [string, GuardedWrite])[] = [
    ['patch', (subject, options) => subject.handler.patch(subject.ref, subject.patch(), options)],
    ['apply', (subject, options) => subject.handler.apply(subject.changed(), options)],
  ];
  const removing: readonly (readonly [string, GuardedWrite])[] = [
    ['remove', ({ handler, ref }, options) => handler.remove(ref, options)],
  ];
  for (const [way, write] of [...(updates ? updating : []), ...(removes ? removing : [])]) {
    if (revisions) {
      test(`${way} that was computed from an older revision is a conflict, and writes nothing`, async (t, subject) => {
        const revision = (await subject.present()).metadata.resourceVersion ?? '';
        await subject.present(subject.changed(1));
        const before = await subject.witness();
        const error = await failure(() => write(subject, { revision }));
        t.true(error instanceof ConflictError, told(error));
        t.deepEqual(await subject.witness(), before);
      });
    }

    if (uids) {
      test(`${way} that is meant for another object is a conflict, and writes nothing`, async (t, subject) => {
        await subject.present();
        const before = await subject.witness();
        const error = await failure(() => write(subject, { uid: 'another-object' }));
        t.true(error instanceof ConflictError, told(error));
        t.deepEqual(await subject.witness(), before);
      });
    }

    test(`${way} that was computed from what is there is done`, async (t, subject) => {
      const guards = guardsOf(await subject.present());
      const before = await subject.witness();
      await t.notThrowsAsync(write(subject, guards));
      t.notDeepEqual(await subject.witness(), before);
    });
  }
}
