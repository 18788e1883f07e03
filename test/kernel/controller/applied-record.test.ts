import test, { type ExecutionContext } from 'ava';
import {
  AlreadyExistsError,
  asJson,
  asResource,
  type CallOptions,
  type CreateOptions,
  type DeleteOptions,
  ForbiddenError,
  flattenManaged,
  type GroupVersionKind,
  type JsonObject,
  type KindInfo,
  type ManagedResource,
  type Plugin,
  parseManaged,
  type Resource,
  type ResourceHandler,
  type ResourceRef,
  type WriteOptions,
} from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import { definition, type Harness, order, start, workflow } from '../../support/kernel-harness.js';

/** An API whose parcels have fields of their own and no place for anything else. */
class PostOffice implements ResourceHandler {
  readonly name = 'post-office';
  readonly parcels = new MemoryStore({ name: 'post-office' });
  failing: ((verb: string) => void) | undefined;

  claims({ kind }: GroupVersionKind): boolean {
    return kind === 'Parcel';
  }

  async kind(gvk: GroupVersionKind): Promise<KindInfo> {
    return { ...gvk, plural: 'parcels', namespaced: false, keepsAnnotations: false };
  }

  async read(ref: ResourceRef, options: CallOptions): Promise<Resource | undefined> {
    this.failing?.('read');
    return this.parcels.get(ref, options);
  }

  async create(target: Resource, options: CreateOptions): Promise<Resource> {
    this.failing?.('create');
    return this.parcels.create(bare(target), options);
  }

  async apply(target: Resource, options: WriteOptions): Promise<Resource> {
    this.failing?.('apply');
    return this.parcels.apply(bare(target), options);
  }

  async patch(): Promise<Resource> {
    throw new Error('nothing is ever put into the metadata of what has no place for it');
  }

  async remove(ref: ResourceRef, options: DeleteOptions): Promise<void> {
    return this.parcels.delete(ref, options);
  }

  storeOf(): string {
    return this.name;
  }
}

function bare(resource: Resource): Resource {
  const { name } = resource.metadata;
  return asResource({ ...asJson(resource), metadata: { name } });
}

const WORLD = [
  workflow('send', [
    {
      label: 'parcel',
      ref: { kind: 'ResourceFunction', name: 'parcel' },
      skipIf: '=parent.spec.cancelled',
      inputs: { to: '=parent.spec.to', name: '=parent.metadata.name' },
    },
  ]),
  definition('ResourceFunction', 'parcel', {
    apiConfig: { apiVersion: 'post.example/v1', kind: 'Parcel', name: '=inputs.name', namespaced: false },
    delete: { destroy: {} },
    resource: { spec: { to: '=inputs.to' } },
    create: { delay: 5 },
    update: { patch: { delay: 5 } },
  }),
  order('one', { to: 'Ada', cancelled: false }),
].join('');

interface Post {
  readonly office: PostOffice;
  readonly harness: Harness;
}

async function open(t: ExecutionContext, prepare: (office: PostOffice) => void = () => undefined): Promise<Post> {
  const office = new PostOffice();
  prepare(office);
  const plugin: Plugin = { name: 'post', apiVersion: 'v1', register: (registry) => registry.resourceHandler(office) };
  const harness = await start(t, { world: WORLD, plugins: [cel, plugin] });
  await harness.pass(60);
  return { office, harness };
}

function recordOf(harness: Harness): ManagedResource | undefined {
  const text = harness.see('Order', 'one')?.metadata.annotations?.['koreo.dev/managed-resources'];
  const record = text === undefined ? undefined : parseManaged(text);
  return record === undefined ? undefined : flattenManaged(record)[0];
}

function appliedOf(harness: Harness): JsonObject | undefined {
  const applied = recordOf(harness)?.applied;
  return applied === undefined ? undefined : JSON.parse(applied);
}

const PARCEL = { apiVersion: 'post.example/v1', kind: 'Parcel', metadata: { name: 'one' } };

test('what was applied to a resource that has no place for annotations is on record with its trigger', async (t) => {
  const { office, harness } = await open(t);
  t.deepEqual(
    office.parcels.resources.map(({ spec }) => spec),
    [{ to: 'Ada' }],
  );
  t.like(appliedOf(harness), { kind: 'Parcel', spec: { to: 'Ada' } });
  harness.edit('Order', 'one', { spec: { to: 'Grace', cancelled: false } });
  await harness.pass(60);
  t.like(appliedOf(harness), { spec: { to: 'Grace' } });
});

test('it goes when it is wanted no longer, since the record says that it was made here', async (t) => {
  const { office, harness } = await open(t);
  harness.edit('Order', 'one', { spec: { to: 'Ada', cancelled: true } });
  await harness.pass(60);
  t.deepEqual(office.parcels.resources, []);
  t.is(recordOf(harness), undefined);
});

test('what was there before, and just as it is wanted, stays when it is wanted no longer', async (t) => {
  const { office, harness } = await open(t, ({ parcels }) => parcels.put({ ...PARCEL, spec: { to: 'Ada' } }));
  t.is(recordOf(harness)?.applied, undefined);
  harness.edit('Order', 'one', { spec: { to: 'Ada', cancelled: true } });
  await harness.pass(60);
  t.is(office.parcels.resources.length, 1);
});

test('what was there before and was changed here is ours', async (t) => {
  const { office, harness } = await open(t, ({ parcels }) => parcels.put({ ...PARCEL, spec: { to: 'Eve' } }));
  t.like(appliedOf(harness), { spec: { to: 'Ada' } });
  harness.edit('Order', 'one', { spec: { to: 'Ada', cancelled: true } });
  await harness.pass(60);
  t.deepEqual(office.parcels.resources, []);
});

test('what somebody else makes at the same moment is not ours for our having tried', async (t) => {
  const { office, harness } = await open(t, (office) => {
    office.failing = (verb) => {
      if (verb !== 'create') return;
      office.failing = undefined;
      office.parcels.put({ ...PARCEL, spec: { to: 'Ada' } });
      throw new AlreadyExistsError('there is one');
    };
  });
  t.is(recordOf(harness)?.applied, undefined);
  harness.edit('Order', 'one', { spec: { to: 'Ada', cancelled: true } });
  await harness.pass(60);
  t.is(office.parcels.resources.length, 1);
});

test('as long as it cannot be read, the record stays as it is', async (t) => {
  const { office, harness } = await open(t);
  office.failing = () => {
    throw new ForbiddenError('no');
  };
  harness.edit('Order', 'one', { spec: { to: 'Grace', cancelled: false } });
  await harness.pass(60);
  t.like(appliedOf(harness), { spec: { to: 'Ada' } });
});

test('a patch that is refused leaves on record what was applied before', async (t) => {
  const { office, harness } = await open(t);
  office.failing = (verb) => {
    if (verb === 'apply') throw new ForbiddenError('no');
  };
  harness.edit('Order', 'one', { spec: { to: 'Grace', cancelled: false } });
  await harness.pass(60);
  t.like(appliedOf(harness), { spec: { to: 'Ada' } });
});

test('a change that somebody else made is told as drift, as it is where the resource bears the record itself', async (t) => {
  const { office, harness } = await open(t);
  office.parcels.put({ ...PARCEL, spec: { to: 'Eve' } });
  await harness.kernel.whenIdle();
  await harness.pass(3600);
  t.deepEqual(
    office.parcels.resources.map(({ spec }) => spec),
    [{ to: 'Ada' }],
  );
  const drifts = harness.reports.flatMap(({ steps }) => steps.flatMap(({ action }) => action?.drift ?? []));
  t.deepEqual(drifts, ['corrected']);
});
