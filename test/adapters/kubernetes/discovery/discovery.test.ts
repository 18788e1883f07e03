import test, { type ExecutionContext } from 'ava';
import { UnavailableError } from 'koreo-kernel';
import { Discovery } from '../../../../adapters/kubernetes/discovery/discovery.js';
import { eventually } from '../../../support/eventually.js';
import { ApiWorld, type ApiWorldOptions } from '../support/api-world.js';
import { installWidgets, uninstallWidgets, WIDGET } from '../support/widget-crd.js';

const KNOWN = { ...WIDGET, plural: 'widgets', namespaced: true, shortNames: ['wd'], statusSubresource: true };

async function begin(
  t: ExecutionContext,
  options: ApiWorldOptions = {},
): Promise<{ world: ApiWorld; discovery: Discovery; asked(): number }> {
  const world = await ApiWorld.start(t, options);
  const discovery = new Discovery({ client: world.client, clock: world.clock });
  return { world, discovery, asked: () => world.server.requestsOf({ verb: 'discover' }).length };
}

test('a kind is asked for once, and remembered', async (t) => {
  const { world, discovery, asked } = await begin(t);
  installWidgets(world.server);
  for (let turn = 0; turn < 3; turn++) t.deepEqual(await discovery.find(WIDGET), KNOWN);
  t.is(asked(), 1);
});

test('core kinds and cluster-scoped ones are told as they are', async (t) => {
  const { discovery } = await begin(t);
  t.like(await discovery.find({ apiVersion: 'v1', kind: 'ConfigMap' }), { plural: 'configmaps', namespaced: true });
  t.like(await discovery.find({ apiVersion: 'v1', kind: 'Namespace' }), { plural: 'namespaces', namespaced: false });
  t.like(await discovery.find({ apiVersion: 'apps/v1', kind: 'Deployment' }), { statusSubresource: true });
});

test('a storm of questions for a kind that is not there is one request a second', async (t) => {
  const { world, discovery, asked } = await begin(t);
  const storm = (): Promise<unknown[]> => Promise.all(Array.from({ length: 50 }, () => discovery.find(WIDGET)));
  t.true((await storm()).every((found) => found === undefined));
  await storm();
  t.is(asked(), 1);
  installWidgets(world.server);
  await world.clock.advance(1000);
  t.deepEqual(new Set((await storm()).map((found) => JSON.stringify(found))).size, 1);
  t.deepEqual(await discovery.find(WIDGET), KNOWN);
  t.is(asked(), 2);
});

test('a kind that has changed its form is told anew after a while, and at once when that is asked for', async (t) => {
  const { world, discovery } = await begin(t);
  installWidgets(world.server);
  await discovery.find(WIDGET);
  installWidgets(world.server, { statusSubresource: false });
  await world.clock.advance(10_000);
  t.true((await discovery.find(WIDGET))?.statusSubresource);
  t.false((await discovery.find(WIDGET, { refresh: true }))?.statusSubresource);
  installWidgets(world.server, { statusSubresource: true });
  await world.clock.advance(300_000);
  t.true((await discovery.find(WIDGET))?.statusSubresource);
});

test('a kind that the server said it does not have is asked for anew', async (t) => {
  const { world, discovery } = await begin(t);
  installWidgets(world.server);
  await discovery.find(WIDGET);
  uninstallWidgets(world.server);
  discovery.forget(WIDGET);
  t.is(await discovery.find(WIDGET), undefined);
});

test('while the server cannot say, what was known holds; what was not is unavailable', async (t) => {
  const { world, discovery } = await begin(t);
  installWidgets(world.server);
  await discovery.find(WIDGET);
  await world.clock.advance(300_000);
  await world.server.stop();
  t.deepEqual(await discovery.find(WIDGET), KNOWN);
  await t.throwsAsync(async () => discovery.find({ apiVersion: 'apps/v1', kind: 'Deployment' }), {
    instanceOf: UnavailableError,
  });
});

test('who gives up waiting is let go, and others get the answer', async (t) => {
  const { world, discovery } = await begin(t);
  installWidgets(world.server);
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const fault = world.server.faults.plan({ verb: 'discover' }, { type: 'gate', opened });
  const controller = new AbortController();
  const reason = new Error('enough');
  const [leaving, staying] = [discovery.find(WIDGET, { signal: controller.signal }), discovery.find(WIDGET)];
  await eventually('the request comes in', async () => fault.hits === 1);
  controller.abort(reason);
  t.is(await t.throwsAsync(async () => leaving), reason);
  open();
  t.deepEqual(await staying, KNOWN);
});

test('an apiVersion that is none leads nowhere, and asks nobody', async (t) => {
  const { discovery, asked } = await begin(t);
  for (const apiVersion of ['', '../v1', 'a/b/c', 'a/..', 'v1?x', 'A B', 'apps/', '/v1', 'a%2Fb']) {
    t.is(await discovery.find({ apiVersion, kind: 'Deployment' }), undefined, apiVersion);
  }
  t.is(asked(), 0);
});

for (const aggregatedDiscovery of [true, false]) {
  test(`all kinds that can be listed, ${aggregatedDiscovery ? 'asked for at once' : 'one group and version after another'}`, async (t) => {
    const { world, discovery, asked } = await begin(t, { aggregatedDiscovery });
    installWidgets(world.server);
    const kinds = await discovery.all();
    t.deepEqual(
      kinds.find(({ kind }) => kind === 'Widget'),
      KNOWN,
    );
    t.like(
      kinds.find(({ kind }) => kind === 'Deployment'),
      { apiVersion: 'apps/v1', plural: 'deployments', statusSubresource: true },
    );
    if (aggregatedDiscovery) {
      t.is(asked(), 2);
      await discovery.find(WIDGET);
      t.is(asked(), 2);
    }
    world.server.faults.plan({ path: /probe\.koreo\.dev/ }, { type: 'status', code: 503 }, { times: 9 });
    await world.clock.advance(400_000);
    t.true((await discovery.all()).some(({ kind }) => kind === 'Deployment'));
  });
}
