import {
  errorMessage,
  type Plugin,
  type PluginContext,
  type PluginLifecycle,
  type PluginRegistry,
  type ResourceHandler,
} from 'koreo-kernel';
import type { Harness } from '../../support/kernel-harness.js';

/** A plug-in that registers what the function says. */
export function plugin(
  name: string,
  register: (registry: PluginRegistry, context: PluginContext) => void = () => undefined,
  more: Partial<Plugin> = {},
): Plugin {
  return { name, apiVersion: 'v1', register, ...more };
}

/** A plug-in that has nothing but a life. */
export function living(name: string, lifecycle: PluginLifecycle, more: Partial<Plugin> = {}): Plugin {
  return plugin(name, (registry) => registry.lifecycle(lifecycle), more);
}

/** A handler of Invoices that holds nothing and takes everything. */
export function invoiceHandler(more: Partial<ResourceHandler> = {}): ResourceHandler {
  return {
    name: 'cloud',
    claims: ({ kind }) => kind === 'Invoice',
    storeOf: () => 'cloud',
    kind: async (gvk) => ({ ...gvk, plural: 'invoices', namespaced: true }),
    read: async () => undefined,
    create: async (target) => target,
    apply: async (target) => target,
    patch: async (ref) => ({ ...ref, metadata: { name: ref.name } }),
    remove: async () => undefined,
    ...more,
  };
}

/** All incidents that a kernel told, each as `source: message`. */
export function told({ incidents }: Harness): readonly string[] {
  return incidents.map(({ source, error }) => `${source}: ${errorMessage(error)}`);
}

/** Throws what no plug-in should. */
export function defect(): never {
  throw new TypeError('secret-token is not a function');
}
