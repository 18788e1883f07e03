import {
  AlreadyExistsError,
  InvalidResourceError,
  isObject,
  mergePatch,
  mergePatchBetween,
  NotFoundError,
  type Resource,
  refOf,
} from '../../../plugin.js';
import { failure, refuses, told } from './errors.js';
import { type HandlerContract, type HandlerSubject, hasChange, specOf } from './harness.js';

/** What creating, changing and deleting promise. */
export function writing(contract: HandlerContract): void {
  creating(contract);
  updating(contract);
  removing(contract);
  placing(contract);
}

function creating({ test, capabilities }: HandlerContract): void {
  if (!capabilities.creates) {
    test('to create is refused for good', async (t, subject) => {
      await refuses(t, () => subject.handler.create(subject.one, {}), { retriable: false }, 'create');
      t.is(await subject.outside.look(subject.ref), undefined);
    });
    return;
  }

  test('what is created is there, and create gives what a read then gives', async (t, subject) => {
    const created = await subject.handler.create(subject.one, {});
    t.not(await subject.outside.look(subject.ref), undefined);
    t.deepEqual(created, await subject.read());
    t.deepEqual(mergePatch(specOf(created), specOf(subject.one)), specOf(created));
  });

  test('to create what is there already is AlreadyExists, whoever made it, and changes nothing', async (t, subject) => {
    await subject.present();
    const before = await subject.witness();
    const error = await failure(() => subject.handler.create(subject.changed(), {}));
    t.true(error instanceof AlreadyExistsError, told(error));
    t.deepEqual(await subject.witness(), before);
  });

  if (!capabilities.refuses) return;
  test('what the kind cannot be is refused for good, and nothing of it is there', async (t, subject) => {
    const { refused = [] } = subject.samples;
    t.true(
      refused.length > 0,
      '`samples.refused` is missing: give the capability `refuses: false` if nothing is refused',
    );
    for (const resource of refused) {
      const what = `create of ${JSON.stringify(resource)}`;
      await refuses(t, () => subject.handler.create(resource, {}), { retriable: false }, what);
      t.is(await subject.outside.look(refOf(resource)), undefined, what);
    }
  });
}

const WAYS: readonly (readonly [string, (subject: HandlerSubject, change?: number) => Promise<Resource>])[] = [
  ['patch', (subject, change) => subject.handler.patch(subject.ref, subject.patch(change), {})],
  ['apply', (subject, change) => subject.handler.apply(subject.changed(change), {})],
];

function updating({ test, capabilities }: HandlerContract): void {
  for (const [way, update] of WAYS) {
    test(`to ${way} what is not there is NotFound, and makes nothing`, async (t, subject) => {
      const error = await failure(() => update(subject));
      if (capabilities.updates) t.true(error instanceof NotFoundError, told(error));
      else t.true(error instanceof Error);
      t.is(await subject.outside.look(subject.ref), undefined);
    });

    if (!capabilities.updates) {
      test(`to ${way} a change is refused for good, and changes nothing`, async (t, subject) => {
        await subject.present();
        const before = await subject.witness();
        await refuses(t, () => update(subject), { retriable: false }, way);
        t.deepEqual(await subject.witness(), before);
      });
      continue;
    }

    test(`${way} makes what it speaks of so, and gives what a read then gives`, async (t, subject) => {
      const before = await subject.present();
      const written = await update(subject);
      hasChange(t, written, subject.change(0));
      t.deepEqual(written, await subject.read());
      t.is(written.metadata.uid, before.metadata.uid);
      if (capabilities.revisions) t.not(written.metadata.resourceVersion, before.metadata.resourceVersion);
    });

    test(`${way} of what is so already writes nothing`, async (t, subject) => {
      await subject.present();
      const written = await update(subject);
      const before = await subject.witness();
      t.deepEqual(await update(subject), written);
      t.deepEqual(await subject.witness(), before);
    });

    test(`${way} leaves other resources alone`, async (t, subject) => {
      await subject.present();
      const other = await subject.present(subject.sample('two'));
      await update(subject);
      t.deepEqual(await subject.read(refOf(other)), other);
    });
  }
  if (!capabilities.updates) return;

  if (capabilities.severalFields) {
    test('a patch keeps what it does not speak of', async (t, subject) => {
      await subject.present(subject.changed(1));
      const written = await subject.handler.patch(subject.ref, subject.patch(0), {});
      hasChange(t, written, subject.change(0));
      hasChange(t, written, subject.change(1));
    });
  }

  test('what a patch did can be undone by another, with null for what was not there', async (t, subject) => {
    const before = await subject.present();
    for (const index of subject.samples.changes.keys()) {
      const after = await subject.handler.patch(subject.ref, subject.patch(index), {});
      const back = mergePatchBetween(specOf(after), specOf(before));
      t.true(isObject(back) && Object.keys(back).length > 0, `\`samples.changes\` changes nothing: ${index}`);
      const undone = await subject.handler.patch(subject.ref, { spec: back ?? {} }, {});
      t.deepEqual(specOf(undone), specOf(before));
    }
  });

  if (!capabilities.refuses) return;
  test('a change to what the kind cannot be is refused for good, and changes nothing', async (t, subject) => {
    await subject.present();
    const before = await subject.witness();
    for (const { spec } of subject.samples.refused ?? []) {
      const target: Resource = { ...subject.one, ...(spec === undefined ? {} : { spec }) };
      await refuses(
        t,
        () => subject.handler.apply(target, {}),
        { retriable: false },
        `apply of ${JSON.stringify(spec)}`,
      );
      t.deepEqual(await subject.witness(), before);
    }
  });
}

function removing({ test, capabilities }: HandlerContract): void {
  if (!capabilities.removes) {
    test('to remove is refused for good, and what is there stays', async (t, subject) => {
      await subject.present();
      const before = await subject.witness();
      await refuses(t, () => subject.handler.remove(subject.ref, {}), { retriable: false }, 'remove');
      t.deepEqual(await subject.witness(), before);
    });
    return;
  }

  test('what is removed is gone, and nothing else is', async (t, subject) => {
    await subject.present();
    const other = await subject.present(subject.sample('two'));
    await subject.handler.remove(subject.ref, {});
    t.is(await subject.read(), undefined);
    t.is(await subject.outside.look(subject.ref), undefined);
    t.deepEqual(await subject.read(refOf(other)), other);
  });

  test('to remove what is gone is done already, whatever it was to be', async (t, subject) => {
    await t.notThrowsAsync(subject.handler.remove(subject.ref, {}));
    const { uid = 'any', resourceVersion: revision = 'any' } = (await subject.present()).metadata;
    await subject.handler.remove(subject.ref, {});
    await t.notThrowsAsync(subject.handler.remove(subject.ref, {}));
    await t.notThrowsAsync(subject.handler.remove(subject.ref, { uid, revision }));
  });

  test('every propagation is taken', async (t, subject) => {
    for (const propagation of ['background', 'foreground', 'orphan'] as const) {
      await subject.present();
      await subject.handler.remove(subject.ref, { propagation });
      t.is(await subject.read(), undefined, propagation);
    }
  });

  if (!capabilities.creates) return;
  test('a name can be taken again after remove, and nothing of the old life shows', async (t, subject) => {
    await subject.present(subject.changed());
    await subject.handler.remove(subject.ref, {});
    const second = await subject.handler.create(subject.one, {});
    await subject.handler.remove(subject.ref, {});
    t.deepEqual(specOf(second), specOf(await subject.handler.create(subject.one, {})));
  });
}

/** Something that a target may ask for beside its spec, and how to see that it is there. */
interface Stranger {
  readonly what: string;
  add(resource: Resource): Resource;
  isIn(resource: Resource | undefined): boolean;
}

const STRANGERS: readonly Stranger[] = [
  {
    what: 'a label',
    add: (one) => ({ ...one, metadata: { ...one.metadata, labels: { contract: 'label' } } }),
    isIn: (read) => read?.metadata.labels?.contract === 'label',
  },
  {
    what: 'a part beside the spec',
    add: (one) => ({ ...one, contractData: { a: 1 } }),
    isIn: (read) => read?.contractData !== undefined,
  },
];

/** A target that asks for something which is then not there would be written at every run, without a word. */
function placing({ test, capabilities }: HandlerContract): void {
  const ways = [
    { way: 'create', can: capabilities.creates },
    { way: 'apply', can: capabilities.updates },
  ] as const;
  for (const { what, add, isIn } of STRANGERS) {
    for (const { way } of ways.filter(({ can }) => can)) {
      test(`${way} keeps ${what}, or refuses it as invalid, and never leaves it out`, async (t, subject) => {
        if (way === 'apply') await subject.present();
        const error = await failure(() => subject.handler[way](add(subject.one), {}));
        if (error !== undefined) t.true(error instanceof InvalidResourceError, told(error));
        else t.true(isIn(await subject.read()), `${what} was left out: refuse it with an InvalidResourceError`);
      });
    }
  }

  if (!capabilities.creates) return;
  test('a kind that does not say that it has no place for annotations keeps them', async (t, subject) => {
    const info = await subject.handler.kind(subject.gvk, {});
    const annotations = { 'contract.koreo.dev/note': 'kept' };
    const target = { ...subject.one, metadata: { ...subject.one.metadata, annotations } };
    const error = await failure(() => subject.handler.create(target, {}));
    const kept = (await subject.read())?.metadata.annotations?.['contract.koreo.dev/note'] === 'kept';
    t.is(kept, info?.keepsAnnotations !== false, `see \`keepsAnnotations\` of the kind; create gave ${told(error)}`);
  });

  test('the record of what was last applied is never refused', async (t, subject) => {
    const annotations = { 'koreo.dev/last-applied-configuration': '{}' };
    const target = { ...subject.one, metadata: { ...subject.one.metadata, annotations } };
    await t.notThrowsAsync(subject.handler.create(target, {}));
    if (capabilities.updates) await t.notThrowsAsync(subject.handler.apply(target, {}));
  });
}
