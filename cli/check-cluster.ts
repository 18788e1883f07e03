import type { ClusterChoice, LoadedConfig } from '../config/index.js';
import { UsageError } from './usage-error.js';

/**
 * Looks whether the cluster that the command line names can be meant at all: the kubeconfig is there, and the context in it. A
 * loop would wait for both, and for a word that is mistyped in vain. Asks no server. @throws UsageError
 */
export async function checkCluster(
  { config, baseDirectory }: LoadedConfig,
  { context, kubeconfig }: Pick<ClusterChoice, 'context' | 'kubeconfig'>,
): Promise<void> {
  if (context === undefined && kubeconfig === undefined) return;
  const { CredentialsError, readConnection } = await import('../adapters/kubernetes/index.js');
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
