import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { writeKubeconfig } from '../support/cluster/kubeconfig.js';
import type { OwnCluster } from '../support/cluster/own-cluster.js';
import { installCrds } from '../support/cluster/server-judgement.js';
import { startAnotherCluster, useOwnCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { tempFolder } from '../support/temp-folder.js';
import { Controller } from './support/controller.js';
import {
  conditionOf,
  installExample,
  letPodsRun,
  madeOf,
  untilReady,
  valueAt,
  website,
  websiteCrds,
} from './support/website.js';

const { before, test } = useOwnCluster({ auditLog: true, controllerManager: false });
before(installExample);

/** A controller whose triggers are in the one cluster and what is made of them in the other. */
function start(t: ExecutionContext, home: OwnCluster, away: OwnCluster): Promise<Controller> {
  const kubeconfig = join(tempFolder(t), 'kubeconfig');
  writeKubeconfig(kubeconfig, [
    { ...home.context(), name: 'home' },
    { ...away.context(), name: 'away' },
  ]);
  const config = {
    stores: [
      { name: 'home', type: 'kubernetes', context: 'home' },
      { name: 'away', type: 'kubernetes', context: 'away' },
    ],
    definitions: [{ store: 'home' }],
    triggerStore: 'home',
    defaultStore: 'away',
  };
  return Controller.start(t, { env: { KUBECONFIG: kubeconfig }, config });
}

test('triggers lie in one cluster, and what is made of them in another', async (t, home) => {
  const away = await startAnotherCluster(t, { auditLog: true, controllerManager: false });
  await installCrds(away, websiteCrds());
  const controller = await start(t, home, away);
  const hello = website('hello');
  await home.apply(hello);
  await letPodsRun(away, 'hello');
  const ready = await untilReady(home, hello);
  t.like(ready.status, { state: { url: 'http://hello.default' } });
  for (const made of Object.values(madeOf('hello'))) {
    const there = await away.get(made);
    t.truthy(there, made.kind);
    t.is(
      there?.metadata.ownerReferences,
      undefined,
      'an owner in another cluster is none: it would be collected at once',
    );
    t.is(await home.get(made), undefined, made.kind);
  }
  t.deepEqual(await away.list('web.example.com/v1', 'Website'), []);

  await home.patch(hello, { spec: { page: 'edited' } });
  const { page } = madeOf('hello');
  await eventually('the page', async () => (await valueAt(away, page, ['data', 'index.html'])) === 'edited');
  await away.patch(page, { data: { 'index.html': 'spoiled' } });
  await eventually('the page again', async () => (await valueAt(away, page, ['data', 'index.html'])) === 'edited');
  await untilReady(home, hello);

  // What happens to the one cluster is said of it, and keeps nothing from being told in the other.
  await away.apiServer.kill();
  await home.patch(hello, { spec: { page: 'while it was away' } });
  const why = await eventually('that it waits for the other cluster', async () => {
    const { code, text } = await controller.page('readyz');
    return code === 503 ? text : undefined;
  });
  t.regex(why, /\[\+\]store-home ok/);
  t.regex(why, /\[-\]store-away failed: .*cannot be reached/);
  await eventually('that the trigger says so', async () => {
    const shown = conditionOf((await home.get(hello))?.status, 'Ready');
    return shown?.status === 'Unknown' && shown.reason === 'Wait';
  });
  await away.apiServer.start();
  await eventually('the page', async () => {
    return (await valueAt(away, page, ['data', 'index.html'])) === 'while it was away';
  });
  await untilReady(home, hello);

  // Nothing in the other cluster is collected with its owner, for there it has none.
  await home.remove(hello);
  for (const made of Object.values(madeOf('hello'))) {
    await eventually(`the end of ${made.kind}`, async () => (await away.get(made)) === undefined);
  }
  await eventually('its own end', async () => (await home.get(hello)) === undefined);
  t.is(await controller.stop(), 0, controller.output);
});
