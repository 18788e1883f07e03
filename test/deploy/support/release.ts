import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { OwnCluster } from '../../support/cluster/own-cluster.js';
import { freePorts } from '../../support/cluster/ports.js';
import { callTool, type ToolResult } from '../../support/cluster/tools.js';
import { eventually } from '../../support/eventually.js';
import { find, type Manifest, render } from '../../support/helm.js';
import { type Running, startKoreo } from '../../support/koreo.js';
import { tempFolder } from '../../support/temp-folder.js';

/** The example that is installed for. */
export const EXAMPLE = 'examples/cluster';

/** A release of the chart named `koreo`, in a namespace of its own. */
export interface Release {
  readonly namespace: string;
  /** The first part of its cluster-wide names. */
  readonly clusterName: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The release of the default values. */
export const PLAIN: Release = { namespace: 'koreo', clusterName: 'koreo', values: {} };

/** What a release's ServiceAccount is to an API server. */
export function subjectOf({ namespace }: Release): string {
  return `system:serviceaccount:${namespace}:koreo`;
}

/** Calls kubectl against the cluster, with resources or a text on its input. */
export function kubectl(
  cluster: OwnCluster,
  args: readonly string[],
  input?: readonly unknown[] | string,
): Promise<ToolResult> {
  const text = typeof input === 'string' ? input : JSON.stringify({ apiVersion: 'v1', kind: 'List', items: input });
  return callTool('kubectl', args, { env: cluster.env, ...(input === undefined ? {} : { input: text }) });
}

/** What a call printed; that it went well is part of the test. */
export async function done(t: ExecutionContext, result: Promise<ToolResult>): Promise<string> {
  const { code, stdout, stderr } = await result;
  t.is(code, 0, stderr);
  return stdout;
}

/** Applies a release, as often as one likes. Resolves when its rights are summed up. CRDs say more than the oldest server knows. */
export async function install(t: ExecutionContext, cluster: OwnCluster, release: Release): Promise<void> {
  const { namespace, values } = release;
  const manifests = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...render(values, namespace),
  ];
  await done(t, kubectl(cluster, ['apply', '--validate=false', '-f', '-'], manifests));
  await whenGranted(cluster, release, 'events');
}

/** The sum of the rules that are granted to a release, as text. */
export async function grantedTo({ clusterName }: Release, cluster: OwnCluster): Promise<string> {
  const role: Manifest = await cluster.get({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: `${clusterName}-resources` },
  });
  return JSON.stringify(role?.rules ?? []);
}

/** Resolves when the sum of the rules names that. */
export async function whenGranted(cluster: OwnCluster, release: Release, what: string): Promise<void> {
  await eventually(`rules for ${what}`, async () => (await grantedTo(release, cluster)).includes(what));
}

/** A controller that runs, and where it is served. */
export interface Controller {
  readonly running: Running;
  readonly url: string;
}

/** Starts `koreo run` as the pod of a release would: with the ConfigMap of the chart and a token of its ServiceAccount. */
export async function startController(t: ExecutionContext, cluster: OwnCluster, release: Release): Promise<Controller> {
  const { server, ca } = cluster.context();
  const cwd = tempFolder(t, { 'account/ca.crt': ca, 'account/token': await tokenOf(cluster, release) });
  const [port = 0] = await freePorts(1);
  const manifests = render(
    { ...release.values, config: { server: { address: '127.0.0.1', port } } },
    release.namespace,
  );
  const config: string = find(manifests, 'ConfigMap').data['koreo.config.yaml'];
  mkdirSync(join(cwd, 'etc'));
  // What a pod finds at the places that Kubernetes gives it.
  const connection = `  server: ${server}\n  serviceAccount: ${join(cwd, 'account')}\n  type: kubernetes\n`;
  writeFileSync(join(cwd, 'etc/koreo.config.yaml'), config.replace('  type: kubernetes\n', connection));
  const running = startKoreo(t, ['run', '--config', 'etc/koreo.config.yaml'], { cwd });
  return { running, url: `http://127.0.0.1:${port}` };
}

async function tokenOf(cluster: OwnCluster, { namespace }: Release): Promise<string> {
  const answer: Manifest = await cluster.call({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/koreo/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } },
  });
  return answer.status.token;
}

/** What was asked for in a release's name and forbidden; and that there was anything is part of the test. */
export function refusedTo(t: ExecutionContext, cluster: OwnCluster, release: Release): readonly string[] {
  const asked = cluster.auditLog.entries().filter(({ user }) => user.username === subjectOf(release));
  t.true(asked.length > 20);
  return asked
    .filter(({ responseStatus }) => responseStatus?.code === 403)
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
}
