import { type LoadedConfig, loadConfig } from '../config/index.js';
import { builtInPlugins } from './built-in-plugins.js';

/** Loads the configuration that the user named, or the one of the current folder, or the defaults. @throws ConfigError */
export function loadDeployment(cwd: string, file: string | undefined): Promise<LoadedConfig> {
  return loadConfig({ cwd, builtIn: builtInPlugins, ...(file === undefined ? {} : { file }) });
}
