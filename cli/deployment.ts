import { type LoadedConfig, loadConfig, registeredPlugins } from '../config/index.js';
import { createPrepareContext, type PrepareContext } from '../kernel/index.js';
import { builtInPlugins } from './built-in-plugins.js';

/** Loads the configuration that the user named, or the one of the current folder, or the defaults. @throws ConfigError */
export function loadDeployment(cwd: string, file: string | undefined): Promise<LoadedConfig> {
  return loadConfig({ cwd, builtIn: builtInPlugins, ...(file === undefined ? {} : { file }) });
}

/** What preparing definitions needs, as the configuration says. */
export function prepareContextOf({ config, plugins }: LoadedConfig): PrepareContext {
  const { engines, library } = registeredPlugins(plugins);
  return createPrepareContext({
    engines: [...engines.values()],
    defaultLanguage: config.language,
    library,
    limits: config.limits,
  });
}
