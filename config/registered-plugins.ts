import {
  type ExpressionEngine,
  type FunctionLibrary,
  type Plugin,
  type PluginRegistry,
  type StoreType,
  standardLibrary,
} from '../kernel/index.js';

/** What plug-ins bring that can be used without starting them. */
export interface RegisteredPlugins {
  /** By language. */
  readonly engines: ReadonlyMap<string, ExpressionEngine>;
  /** The standard functions, and those of the plug-ins. */
  readonly library: FunctionLibrary;
  /** By type. */
  readonly storeTypes: ReadonlyMap<string, StoreType>;
}

/** Lets the plug-ins record what they bring. That they agree with one another is for the kernel to check. */
export function registeredPlugins(plugins: readonly Plugin[]): RegisteredPlugins {
  const engines = new Map<string, ExpressionEngine>();
  const library = standardLibrary();
  const storeTypes = new Map<string, StoreType>();
  const registry: PluginRegistry = {
    engine: (engine) => engines.set(engine.language, engine),
    function: (definition) => library.set(definition.name, definition),
    storeType: (type) => storeTypes.set(type.type, type),
    resourceHandler: () => undefined,
    observer: () => undefined,
  };
  for (const plugin of plugins) plugin.register(registry);
  return { engines, library, storeTypes };
}
