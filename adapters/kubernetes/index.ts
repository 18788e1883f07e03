import { definePlugin, type JsonObject, type StoreType } from '../../kernel/plugin.js';
import { loadKubeConfig } from './connection/kube-config.js';

export { CredentialsError } from './connection/connection.js';
export { namespaceFault } from './resources/resource-path.js';

import { KubernetesStore } from './kubernetes-store.js';
import { completeOptions, KUBERNETES_OPTIONS } from './options.js';

/** Stores of type `kubernetes`: an API server. */
export const kubernetesStore: StoreType = {
  type: 'kubernetes',
  optionsSchema: KUBERNETES_OPTIONS,
  create: (context, options) => new KubernetesStore(context, completeOptions(options, context.baseDirectory)),
};

/**
 * Reads how a store of these options would connect, without connecting.
 * @throws CredentialsError when there is no such kubeconfig or context; it names those that there are
 */
export async function readConnection(options: JsonObject, baseDirectory: string): Promise<void> {
  await loadKubeConfig(completeOptions(options, baseDirectory).connection);
}

/** Brings the store type `kubernetes`. */
const plugin = definePlugin({
  name: 'kubernetes',
  apiVersion: 'v1',
  register: (registry) => registry.storeType(kubernetesStore),
});

export default plugin;
