import { existsSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';

/** One context of a kubeconfig: a server, and who speaks to it. */
export interface KubeconfigContext {
  readonly name: string;
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  readonly namespace?: string;
  /** As in a kubeconfig: `{token}`, `{tokenFile}`, `{exec}`. */
  readonly user: Readonly<Record<string, unknown>>;
}

/** Writes a kubeconfig; the first context is the current one. */
export function writeKubeconfig(path: string, contexts: readonly KubeconfigContext[]): void {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': contexts[0]?.name,
    clusters: contexts.map(({ name, server, ca }) => ({
      name,
      cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
    })),
    users: contexts.map(({ name, user }) => ({ name, user })),
    contexts: contexts.map(({ name, namespace }) => ({
      name,
      context: { cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) },
    })),
  };
  writeFileSync(path, JSON.stringify(config, null, 2), { mode: 0o600 });
}

/** Reads what `KUBECONFIG` may hold: files, of which those that are not there are passed over. @throws Error when none is there */
export function readKubeconfig(paths: string): KubeConfig {
  const [first, ...others] = paths.split(delimiter).filter((path) => existsSync(path));
  if (first === undefined) throw new Error(`there is no kubeconfig at ${paths}`);
  const config = new KubeConfig();
  config.loadFromFile(first);
  for (const path of others) {
    const other = new KubeConfig();
    other.loadFromFile(path);
    config.mergeConfig(other, true);
  }
  return config;
}
