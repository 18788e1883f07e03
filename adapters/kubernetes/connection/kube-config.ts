import type { Cluster, KubeConfig, User } from '@kubernetes/client-node';
import { errorMessage } from '../../../kernel/plugin.js';
import type { CompleteKubeConfig } from './complete-kube-config.js';
import { CredentialsError } from './connection.js';
import type { ConnectionOptions, Impersonation } from './connection-options.js';

/** A plug-in for authentication, as a kubeconfig names it. */
export interface ExecPlugin {
  readonly command: string;
  readonly apiVersion?: string;
  readonly provideClusterInfo?: boolean;
  /** What the library runs the command with, beside our own environment. */
  env?: readonly { readonly name: string; readonly value: string }[] | null;
}

/** A configuration with its context chosen and looked through. */
export interface LoadedConfig {
  readonly config: KubeConfig;
  readonly server: URL;
  /** Of the proxy that requests go through. */
  readonly proxyUrl?: string;
  readonly exec?: ExecPlugin;
  /** The context's. */
  readonly namespace?: string;
  /** What the kubeconfig's user says of acting as another. */
  readonly impersonate?: Impersonation;
}

/**
 * Reads the kubeconfig, or the pod's service account. The library is loaded with the first use: commands that need no
 * cluster need not wait for it. @throws CredentialsError
 */
export async function loadKubeConfig(options: ConnectionOptions): Promise<LoadedConfig> {
  const { newKubeConfig } = await import('./complete-kube-config.js');
  const config = newKubeConfig();
  read(config, options);
  const { cluster, user, namespace } = choose(config, options);
  const server = serverOf(options.server === undefined ? cluster : { ...cluster, server: options.server });
  const exec = user.exec as ExecPlugin | null | undefined;
  if (exec) exec.env = [...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: execInfo(exec, cluster) }];
  const impersonate = config.impersonationOf(user.name);
  return {
    config,
    server,
    ...(cluster.proxyUrl && { proxyUrl: cluster.proxyUrl }),
    ...(exec && { exec }),
    ...(namespace && { namespace }),
    ...(impersonate && { impersonate }),
  };
}

function read(config: CompleteKubeConfig, { kubeconfig, serviceAccount, server = '' }: ConnectionOptions): void {
  try {
    if (serviceAccount !== undefined) config.loadFromServiceAccount(serviceAccount, server);
    else if (kubeconfig !== undefined) config.loadFromFile(kubeconfig);
    else config.loadFromDefault(undefined, true);
  } catch (error) {
    if (error instanceof CredentialsError) throw error;
    throw new CredentialsError(
      `${serviceAccount ?? `the kubeconfig ${kubeconfig ?? 'that KUBECONFIG names'}`} cannot be read: ${errorMessage(error)}`,
    );
  }
  // What the library makes up when it finds nothing.
  if (kubeconfig === undefined && config.getCurrentContext() === 'loaded-context') {
    throw new CredentialsError(
      'there is no kubeconfig: neither does KUBECONFIG name one, nor is there ~/.kube/config, nor is this a pod with a service account',
    );
  }
}

interface Choice {
  readonly cluster: Cluster;
  readonly user: User;
  readonly namespace?: string | undefined;
}

function choose(config: KubeConfig, { context: wanted }: ConnectionOptions): Choice {
  const name = wanted ?? config.getCurrentContext();
  const known = config.getContexts().map((context) => context.name);
  const list = known.length === 0 ? 'it has none' : `it has ${known.map((one) => `'${one}'`).join(', ')}`;
  if (!name) throw new CredentialsError(`the kubeconfig has no current context: name one in \`context\` (${list})`);
  const context = config.getContextObject(name);
  if (context === null) throw new CredentialsError(`the kubeconfig has no context '${name}': ${list}`);
  config.setCurrentContext(name);
  const [cluster, user] = [config.getCluster(context.cluster), config.getUser(context.user)];
  if (cluster === null) throw new CredentialsError(`context '${name}' of the kubeconfig names no cluster that it has`);
  if (user === null) throw new CredentialsError(`context '${name}' of the kubeconfig names no user that it has`);
  return { cluster, user, namespace: context.namespace };
}

function serverOf({ server, skipTLSVerify, name }: Cluster): URL {
  if (!URL.canParse(server)) throw new CredentialsError(`the server of cluster '${name}' in the kubeconfig is no URL`);
  const url = new URL(server);
  if (url.protocol === 'http:' && !skipTLSVerify) {
    throw new CredentialsError(
      `the server of cluster '${name}' is not on this machine, and has no TLS: use https, or say insecure-skip-tls-verify`,
    );
  }
  return url;
}

/** What plug-ins read to know which version of their protocol is spoken, and for which cluster. */
function execInfo({ apiVersion, provideClusterInfo }: ExecPlugin, cluster: Cluster): string {
  const { server, caData, tlsServerName, skipTLSVerify, proxyUrl } = cluster;
  const about = {
    server,
    'tls-server-name': tlsServerName,
    'insecure-skip-tls-verify': skipTLSVerify,
    'certificate-authority-data': caData,
    'proxy-url': proxyUrl,
  };
  const spec = { interactive: false, ...(provideClusterInfo === true && { cluster: about }) };
  return JSON.stringify({ apiVersion, kind: 'ExecCredential', spec });
}
