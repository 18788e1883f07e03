import type { ExecutionContext } from 'ava';
import type { Cluster } from '../support/cluster/cluster.js';
import { callTool } from '../support/cluster/tools.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { CHART, type Manifest } from '../support/helm.js';

const { test } = useCluster({ modern: true, tools: ['kubectl', 'helm'] });

async function helm(t: ExecutionContext, cluster: Cluster, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await callTool('helm', args, { env: cluster.env });
  t.is(code, 0, stderr);
  return stdout;
}

const RELEASE = ['koreo', CHART, '--namespace', 'koreo'];

async function rulesOf(cluster: Cluster, name: string): Promise<string> {
  const role: Manifest = await cluster.get({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name },
  });
  return JSON.stringify(role?.rules ?? []);
}

test('helm installs and upgrades the chart, keeps what others grant, and leaves the CRDs and definitions when it goes', async (t, cluster) => {
  const installed = await helm(t, cluster, ['install', ...RELEASE, '--create-namespace']);
  t.regex(installed, /Koreo .* is being started in namespace koreo/);
  await eventually('the rules of the chart', async () =>
    (await rulesOf(cluster, 'koreo-resources')).includes('events'),
  );

  const rule = [
    '--set-json',
    'controller.rbac.extraRules=[{"apiGroups":["apps"],"resources":["deployments"],"verbs":["get"]}]',
  ];
  await helm(t, cluster, [
    'upgrade',
    ...RELEASE,
    ...rule,
    '--set',
    'controller.replicas=2',
    '--set',
    'controller.pdb.enabled=true',
  ]);
  await eventually('the rule of the values', async () =>
    (await rulesOf(cluster, 'koreo-resources')).includes('deployments'),
  );
  await helm(t, cluster, ['upgrade', ...RELEASE, ...rule]);
  t.true((await rulesOf(cluster, 'koreo-resources')).includes('deployments'), 'an upgrade that changes nothing of it');

  await eventually('the kind', async () => {
    const definition = {
      apiVersion: 'koreo.dev/v1beta1',
      kind: 'ValueFunction',
      metadata: { name: 'kept' },
      spec: { return: {} },
    };
    const args = ['-n', 'koreo', 'apply', '-f', '-'];
    return (await callTool('kubectl', args, { env: cluster.env, input: JSON.stringify(definition) })).code === 0;
  });
  await helm(t, cluster, ['uninstall', 'koreo', '--namespace', 'koreo']);
  const left = await callTool('kubectl', ['-n', 'koreo', 'get', 'valuefunctions,deployments', '-o', 'name'], {
    env: cluster.env,
  });
  t.is(left.stdout.trim(), 'valuefunction.koreo.dev/kept', left.stderr);
});
