import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { asResource, type Resource } from 'koreo-kernel';
import { ApiProxy } from '../support/cluster/api-proxy.js';
import type { AuditEntry } from '../support/cluster/audit-log.js';
import { Cluster } from '../support/cluster/cluster.js';
import { writeKubeconfig } from '../support/cluster/kubeconfig.js';
import type { OwnCluster } from '../support/cluster/own-cluster.js';
import { installCrds } from '../support/cluster/server-judgement.js';
import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { tempFolder } from '../support/temp-folder.js';
import { Controller } from './support/controller.js';
import { crdOf } from './support/kinds.js';
import { installExample, letPodsRun, madeOf, untilReady, valueAt, website } from './support/website.js';

const { before, test } = useOwnCluster({ auditLog: true });
before(installExample);

/** What the controller created, one entry for each time. */
function created(cluster: OwnCluster, name: string): readonly string[] {
  return cluster.auditLog
    .writes(/^koreo/)
    .filter(({ objectRef, verb }) => verb === 'create' && objectRef?.name === name)
    .map(({ objectRef }) => objectRef?.resource ?? '');
}

/** What the controller applied to objects of that name; that the server counts what was created as applied is another request. */
function applied(entries: readonly AuditEntry[], name: string): readonly string[] {
  return entries
    .filter(({ objectRef, requestURI }) => objectRef?.name === name && /[?&]fieldManager=koreo(&|$)/.test(requestURI))
    .map(({ objectRef, verb }) => `${verb} ${objectRef?.resource}`);
}

/** Waits until the controller is not ready, and gives what it says that it waits for. */
async function whatItWaitsFor(controller: Controller): Promise<string> {
  return eventually('that it says what it waits for', async () => {
    const { code, text } = await controller.page('readyz');
    return code === 503 ? text : undefined;
  });
}

async function untilItIsReady(controller: Controller): Promise<void> {
  await eventually('that it is ready', async () => (await controller.page('readyz')).code === 200);
}

/** How many triggers of a kind its metrics tell of, ready or not. */
function triggersIn(metrics: string, kind: string): number {
  const samples = metrics
    .split('\n')
    .filter((line) => line.startsWith('koreo_triggers{') && line.includes(`"${kind}"`));
  return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function throughProxy(t: ExecutionContext, cluster: OwnCluster) {
  const proxy = await ApiProxy.start(cluster);
  const kubeconfig = join(tempFolder(t), 'kubeconfig');
  writeKubeconfig(kubeconfig, [proxy.context()]);
  const controller = await Controller.start(t, { env: { KUBECONFIG: kubeconfig } });
  t.teardown(() => proxy.stop());
  return { proxy, controller };
}

test('a server that is killed during work and starts again: all is done, each thing once', async (t, cluster) => {
  const controller = await Controller.start(t, { env: cluster.env });
  const names = Array.from({ length: 8 }, (_, index) => `site-${index}`);
  await cluster.apply(...names.map((name) => website(name)));
  await eventually('the first pages', async () => (await cluster.list('v1', 'ConfigMap', 'default')).length > 2);
  t.teardown(() => cluster.apiServer.start());
  await cluster.apiServer.kill();
  const said = await whatItWaitsFor(controller);
  t.regex(said, /store-cluster/);
  t.regex(said, /cannot be reached/);
  t.is((await controller.page('livez')).code, 200, 'another process would find no more than this one');
  await controller.until(({ type, message }) => type === 'problem' && /cannot be reached/.test(message ?? ''));
  await cluster.apiServer.start();
  await untilItIsReady(controller);
  for (const name of names) {
    await letPodsRun(cluster, name);
    await untilReady(cluster, website(name));
    for (const made of Object.values(madeOf(name))) t.truthy(await cluster.get(made), `${made.kind} ${name}`);
    // What the server was killed over right after it had been done, it could not write down any more.
    const once = [...created(cluster, name), ...created(cluster, `default.${name}`)];
    t.deepEqual(once, [...new Set(once)], name);
    t.true(once.length > 1, name);
  }
  t.true(controller.isRunning);
  for (const name of names) await cluster.remove(website(name));
});

test('a server that hangs is noticed, and what was asked meanwhile is done when it goes on', async (t, cluster) => {
  const store = { name: 'cluster', type: 'kubernetes', requestTimeoutSeconds: 2, watch: { silenceSeconds: 3 } };
  const controller = await Controller.start(t, { env: cluster.env, config: { stores: [store] } });
  await cluster.apply(website('hung'));
  await letPodsRun(cluster, 'hung');
  await untilReady(cluster, website('hung'));
  cluster.apiServer.pause();
  const asked = cluster.apply(website('hung', { page: 'while it hung' }));
  try {
    t.regex(await whatItWaitsFor(controller), /store-cluster/);
  } finally {
    cluster.apiServer.resume();
  }
  await asked;
  const { page } = madeOf('hung');
  await eventually('the page', async () => (await valueAt(cluster, page, ['data', 'index.html'])) === 'while it hung');
  await untilItIsReady(controller);
  await untilReady(cluster, website('hung'));
  t.true(controller.isRunning);
});

test('what happened while it could not watch, and was compacted since, is not missed', async (t, cluster) => {
  const { controller, proxy } = await throughProxy(t, cluster);
  for (const name of ['edited', 'removed']) {
    await cluster.apply(website(name));
    await letPodsRun(cluster, name);
    await untilReady(cluster, website(name));
  }
  await proxy.down();
  await cluster.apply(website('edited', { page: 'edited' }), website('added'));
  await cluster.remove(website('removed'));
  await cluster.compactEtcd();
  // A server remembers what it told itself; one that has just started has only what etcd has.
  await cluster.apiServer.restart();
  t.regex(await whatItWaitsFor(controller), /cannot be reached/);
  await proxy.up();
  await eventually('the page', async () => {
    return (await valueAt(cluster, madeOf('edited').page, ['data', 'index.html'])) === 'edited';
  });
  await letPodsRun(cluster, 'added');
  await untilReady(cluster, website('added'));
  const { text } = await controller.page('metrics');
  t.regex(text, /koreo_watch_restarts_total\{[^}]*kind="Website"[^}]*reason="expired"[^}]*\} [1-9]/);
  const websites = await cluster.list('web.example.com/v1', 'Website');
  await eventually('that it knows of the end of the removed one', async () => {
    return triggersIn((await controller.page('metrics')).text, 'Website') === websites.length;
  });
  t.deepEqual([...created(cluster, 'added')].sort(), ['configmaps', 'deployments', 'services']);
  t.true(controller.isRunning);
});

test('a watch that is cut in the middle of a line goes on with that line, and what it tells is done once', async (t, cluster) => {
  const { controller, proxy } = await throughProxy(t, cluster);
  const cut = website('cut');
  await cluster.apply(cut);
  await letPodsRun(cluster, 'cut');
  await untilReady(cluster, cut);
  const seen = cluster.auditLog.writes(/^koreo/).length;
  const broken = proxy.cutInsideLine(/\/websites$/);
  await cluster.patch(cut, { spec: { page: 'half' } });
  await broken;
  await eventually('the page', async () => {
    return (await valueAt(cluster, madeOf('cut').page, ['data', 'index.html'])) === 'half';
  });
  await untilReady(cluster, cut);
  const runs = controller.runsOf('cut').length;
  await eventually('two more runs', () => controller.runsOf('cut').length > runs + 1);
  t.deepEqual(applied(cluster.auditLog.writes(/^koreo/).slice(seen), 'cut'), ['patch configmaps']);
  const { text } = await controller.page('metrics');
  t.regex(text, /koreo_watch_restarts_total\{[^}]*kind="Website"[^}]*reason="error"[^}]*\} [1-9]/);
});

test('a kind that is installed after what speaks of it is picked up: one that triggers, and one that is managed', async (t, cluster) => {
  const controller = await Controller.start(t, { env: cluster.env });
  const memo: Resource = asResource({
    apiVersion: 'web.example.com/v1',
    kind: 'Memo',
    metadata: { name: 'late', namespace: 'default' },
    spec: { text: 'late' },
  });
  await cluster.apply(...memoDefinitions());
  await eventually('that it waits for the kind', async () => /Memo/.test((await controller.page('readyz')).text));
  await installCrds(cluster, [crdOf('Memo')]);
  await cluster.apply(memo);
  const waiting = await untilReady(cluster, memo, 'Unknown');
  t.regex(JSON.stringify(waiting.status), /Badge/);
  await installCrds(cluster, [crdOf('Badge', { scope: 'Cluster' })]);
  await untilReady(cluster, memo);
  const badge = { apiVersion: 'web.example.com/v1', kind: 'Badge', metadata: { name: 'late' } };
  t.like(await cluster.get(badge), { spec: { text: 'late' } } as never);
  t.deepEqual(created(cluster, 'late'), ['badges']);
  t.true(controller.isRunning);
});

test('a token that expired is said to be refused, and a new one in its file is taken up', async (t, cluster) => {
  const folder = tempFolder(t);
  const [kubeconfig, asked, tokenFile] = ['kubeconfig', 'asked', 'token'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const account = { namespace: 'default', name: 'robot' };
  await cluster.apply(
    asResource({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: account }),
    asResource({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'robot' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', ...account }],
    }),
  );
  writeKubeconfig(kubeconfig, [{ ...cluster.context(), user: { tokenFile } }]);
  const token = await cluster.serviceAccountToken(account, 15);
  writeKubeconfig(asked, [{ ...cluster.context(), user: { token } }]);
  writeFileSync(tokenFile, token);
  const controller = await Controller.start(t, { env: { KUBECONFIG: kubeconfig } });
  const tokens = website('tokens');
  await cluster.apply(tokens);
  await letPodsRun(cluster, 'tokens');
  await untilReady(cluster, tokens);
  await eventually('the refusal', () =>
    new Cluster(asked).list('v1', 'Namespace').then(
      () => false,
      (error: { readonly code?: number }) => error.code === 401,
    ),
  );
  await cluster.patch(tokens, { spec: { page: 'refused' } });
  t.regex(await whatItWaitsFor(controller), /401|Unauthorized|token|credentials/);
  writeFileSync(tokenFile, await cluster.serviceAccountToken(account, 3600));
  const { page } = madeOf('tokens');
  await eventually('the page', async () => (await valueAt(cluster, page, ['data', 'index.html'])) === 'refused');
  await untilReady(cluster, tokens);
  await untilItIsReady(controller);
  t.false(controller.output.includes(token.slice(0, 20)), 'no token is ever printed');
  t.is(await controller.stop(), 0);
});

/** A Memo makes a Badge, and neither kind is there at first. */
function memoDefinitions(): readonly Resource[] {
  const metadata = (name: string) => ({ name, namespace: 'default' });
  return [
    asResource({
      apiVersion: 'koreo.dev/v1beta1',
      kind: 'ResourceFunction',
      metadata: metadata('badge.v1'),
      spec: {
        apiConfig: {
          apiVersion: 'web.example.com/v1',
          kind: 'Badge',
          name: '=inputs.name',
          namespaced: false,
          owned: false,
        },
        resource: { spec: { text: '=inputs.text' } },
        create: { delay: 0 },
      },
    }),
    asResource({
      apiVersion: 'koreo.dev/v1beta1',
      kind: 'Workflow',
      metadata: metadata('memo.v1'),
      spec: {
        crdRef: { apiGroup: 'web.example.com', version: 'v1', kind: 'Memo' },
        steps: [
          {
            label: 'badge',
            ref: { kind: 'ResourceFunction', name: 'badge.v1' },
            inputs: { name: '=parent.metadata.name', text: '=parent.spec.text' },
          },
        ],
      },
    }),
  ];
}
