import type { ClusterChoice, LoadedConfig } from '../config/index.js';
import { UsageError } from './usage-error.js';

/**
 * Looks whether the cluster that the command line names can be meant at all: the kubeconfig is there, the context in it, and
 * namespaces can be called so. A loop would wait for them, and for a word that is mistyped in vain. Asks no server.
 * @throws UsageError
 */
export async function checkCluster(
  { config, baseDirectory }: LoadedConfig,
  { context, kubeconfig, namespaces = [] }: ClusterChoice,
): Promise<void> {
  if (context === undefined && kubeconfig === undefined && namespaces.length === 0) return;
  const { CredentialsError, namespaceFault, readConnection } = await import('../adapters/kubernetes/index.js');
  const [fault] = namespaces.flatMap((namespace) => namespaceFault(namespace) ?? []);
  if (fault !== undefined) throw new UsageError(fault);
  if (context === undefined && kubeconfig === undefined) return;
  for (const { type, options } of config.stores) {
    const isChosen =
      (context === undefined || options.context === context) &&
      (kubeconfig === undefined || options.kubeconfig === kubeconfig);
    if (type !== 'kubernetes' || !isChosen) continue;
    try {
      await readConnection(options, baseDirectory);
    } catch (error) {
      throw error instanceof CredentialsError ? new UsageError(error.message, { cause: error }) : error;
    }
  }
}
