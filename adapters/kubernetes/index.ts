import type { Plugin, StoreType } from '../../kernel/plugin.js';
import { KubernetesStore } from './kubernetes-store.js';
import { completeOptions, KUBERNETES_OPTIONS } from './options.js';

/** Stores of type `kubernetes`: an API server. */
export const kubernetesStore: StoreType = {
  type: 'kubernetes',
  optionsSchema: KUBERNETES_OPTIONS,
  create: (context, options) => new KubernetesStore(context, completeOptions(options, context.baseDirectory)),
};

/** Brings the store type `kubernetes`. */
const plugin: Plugin = {
  name: 'kubernetes',
  register: (registry) => registry.storeType(kubernetesStore),
};

export default plugin;
