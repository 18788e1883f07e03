import { type LoadedConfig, registeredPlugins } from '../config/index.js';
import { type Store, SystemClock } from '../kernel/index.js';

/** Opens the configured stores of those names, or all of them. Whoever opens them closes them. */
export function openStores(
  { config, plugins, baseDirectory }: LoadedConfig,
  names?: ReadonlySet<string>,
): readonly Store[] {
  const { storeTypes } = registeredPlugins(plugins);
  const clock = new SystemClock();
  return config.stores.flatMap(({ name, type, options }) => {
    if (names?.has(name) === false) return [];
    const storeType = storeTypes.get(type);
    return storeType === undefined ? [] : [storeType.create({ name, baseDirectory, clock }, options)];
  });
}
