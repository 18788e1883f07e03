import test, { type ExecutionContext } from 'ava';
import { flattenManaged, type JsonObject, parseManaged, type Resource } from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import { definition, Harness, order, resources, workflow } from '../../support/kernel-harness.js';

/** What the author does, one after the other; each phase has a minute. */
const PHASES: readonly ((store: MemoryStore) => unknown)[] = [
  (store) => apply(store, order('one', { for: 'ann' })),
  (store) => apply(store, order('one', { for: 'bob' })),
  (store) => store.delete(ref('one')),
];

const ORDER = 'Order';

const WORLD = [
  maker('Invoice'),
  maker('Parcel'),
  workflow('orders', [makes('Invoice'), makes('Parcel')]),
  order('foreign', { for: 'nobody' }, 'Invoice'),
].join('');

function maker(kind: string): string {
  return definition('ResourceFunction', kind.toLowerCase(), {
    apiConfig: { apiVersion: 'shop.example/v1', kind, name: '=inputs.name', namespace: 'shop' },
    resource: { spec: { for: '=inputs.for' } },
    create: { delay: 1 },
    update: { patch: { delay: 1 } },
    return: { for: '=resource.spec.for' },
  });
}

function makes(kind: string): JsonObject {
  return {
    label: kind.toLowerCase(),
    ref: { kind: 'ResourceFunction', name: kind.toLowerCase() },
    inputs: { name: '=parent.metadata.name', for: '=parent.spec.for' },
    state: { [kind.toLowerCase()]: '=value.for' },
  };
}

function ref(name: string, kind = ORDER) {
  return { apiVersion: 'shop.example/v1', kind, name, namespace: 'shop' };
}

/** As an author would, who leaves alone what is not his. */
function apply(store: MemoryStore, text: string): void {
  for (const resource of resources(text)) {
    const { apiVersion, kind, metadata } = resource;
    const { name, namespace } = metadata;
    const before = store.peek({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) });
    store.put(before === undefined ? resource : { ...before, spec: (resource as { spec?: JsonObject }).spec ?? {} });
  }
}

/** When a write of the kernel is held until its process is told to stop, and when it goes on. */
interface Stop {
  /** The number of the write, from 0. */
  readonly write: number;
  /** Whether it goes on in the time that runs are given to end, or when they have been told to break off. */
  readonly goesOn: 'in time' | 'too late';
}

/** Lives through the phases with a process that is stopped at a write, then with another. Gives whether that write was reached. */
async function live(t: ExecutionContext, stop: Stop): Promise<boolean> {
  const at = `write ${stop.write}, which goes on ${stop.goesOn}`;
  const store = new MemoryStore({ resources: resources(WORLD) });
  const foreign = store.peek(ref('foreign', 'Invoice'));
  const first = new Harness({ stores: [store], loop: { stopGraceSeconds: 30, stepTimeoutSeconds: 100 } });
  let writes = 0;
  let goOn: (() => void) | undefined;
  const free = store.intercept(async ({ verb, ref: { kind } }) => {
    const isAuthors = verb === 'delete' && kind === ORDER;
    if (isAuthors || ['get', 'list'].includes(verb) || kind === 'Workflow' || kind === 'ResourceFunction') return;
    writes += 1;
    if (writes - 1 !== stop.write) return;
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
  });
  await first.kernel.start();
  let phase = 0;
  while (phase < PHASES.length && goOn === undefined) {
    void PHASES[phase]?.(store);
    await first.clock.advance(60_000);
    phase += 1;
  }
  const isReached = goOn !== undefined;
  const stopping = first.kernel.stop();
  if (stop.goesOn === 'too late') await first.clock.advance(30_000);
  await first.clock.settle();
  goOn?.();
  await first.clock.advance(20_000);
  const { brokenOff } = await stopping;
  if (stop.goesOn === 'in time') t.is(brokenOff, 0, at);
  t.is(first.clock.pending, 0, at);
  const { changes } = store;
  await first.clock.advance(100_000);
  t.is(store.changes, changes, `${at}: nothing is written after the end`);
  isConsistent(t, store, at);

  free();
  const second = new Harness({ stores: [store] });
  await second.kernel.start();
  await second.clock.advance(60_000);
  for (; phase < PHASES.length; phase += 1) {
    const done = PHASES[phase]?.(store);
    await second.clock.advance(60_000);
    await done;
  }
  await second.kernel.stop({ graceMs: 0 });
  t.deepEqual(
    store.resources.filter(({ kind }) => [ORDER, 'Invoice', 'Parcel'].includes(kind)),
    foreign === undefined ? [] : [foreign],
    `${at}: all is let go of, and nothing foreign touched`,
  );
  return isReached;
}

/** Whatever there is that was made is on the record of a trigger that is held; a status is whole, or is not there. */
function isConsistent(t: ExecutionContext, store: MemoryStore, at: string): void {
  const trigger = store.peek(ref('one'));
  const made = store.resources.filter(({ kind, metadata }) => kind !== ORDER && metadata.name === 'one');
  const record = trigger?.metadata.annotations?.['koreo.dev/managed-resources'];
  const managed = record === undefined ? undefined : parseManaged(record);
  const recorded = managed === undefined ? [] : flattenManaged(managed).map(({ kind }) => kind);
  for (const { kind } of made) t.true(recorded.includes(kind), `${at}: ${kind} is on record`);
  if (made.length > 0) t.true(trigger?.metadata.finalizers?.includes('koreo.dev/managed-resources'), at);
  if (trigger?.status !== undefined) t.true(isWhole(trigger), `${at}: ${JSON.stringify(trigger.status)}`);
}

function isWhole({ status }: Resource): boolean {
  const { conditions } = (status ?? {}) as { readonly conditions?: readonly { readonly type: string }[] };
  return conditions?.some(({ type }) => type === 'Ready') ?? false;
}

test('a process that is stopped at any of its writes, in time for it to end, leaves all consistent, and the next one goes on', async (t) => {
  t.true((await liveAll(t, 'in time')) >= 10);
});

test('a process that is stopped at any of its writes, too late for it to end, leaves all consistent, and the next one goes on', async (t) => {
  t.true((await liveAll(t, 'too late')) >= 10);
});

/** Stops at each write in turn. Gives how many there are. */
async function liveAll(t: ExecutionContext, goesOn: Stop['goesOn']): Promise<number> {
  let write = 0;
  while (await live(t, { write, goesOn })) write += 1;
  return write;
}
