import type { Plugin, PluginRegistry, StoreType } from '../kernel/index.js';

/** The types of store that the plug-ins bring, by name. Nothing else of them is used, and nothing is started. */
export function storeTypesOf(plugins: readonly Plugin[]): ReadonlyMap<string, StoreType> {
  const types = new Map<string, StoreType>();
  const registry: PluginRegistry = {
    engine: ignore,
    function: ignore,
    resourceHandler: ignore,
    observer: ignore,
    storeType: (type) => types.set(type.type, type),
  };
  for (const plugin of plugins) plugin.register(registry);
  return types;
}

function ignore(): void {}
