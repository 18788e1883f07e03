import { resolve } from 'node:path';
import { type ClusterChoice, type LoadedConfig, loadConfig } from '../config/index.js';
import { builtInPlugins } from './built-in-plugins.js';
import type { ConnectionOptions, NamespaceOptions } from './connection.js';

/**
 * Loads the deployment that the user named: a configuration, or the one of the current folder, or a cluster alone, or the
 * defaults. Paths on the command line are relative to `cwd`. @throws ConfigError
 */
export function loadDeployment(cwd: string, options: ConnectionOptions): Promise<LoadedConfig> {
  return load(cwd, options, {});
}

/** The same for a command that looks at one namespace of the cluster only, where the user named one. @throws ConfigError */
export function loadNarrowed(cwd: string, options: ConnectionOptions & NamespaceOptions): Promise<LoadedConfig> {
  return load(cwd, options, options.namespace === undefined ? {} : { namespaces: [options.namespace] });
}

function load(
  cwd: string,
  { config, context, kubeconfig }: ConnectionOptions,
  narrowed: Pick<ClusterChoice, 'namespaces'>,
): Promise<LoadedConfig> {
  return loadConfig({
    cwd,
    builtIn: builtInPlugins,
    cluster: {
      ...(context === undefined ? {} : { context }),
      ...(kubeconfig === undefined ? {} : { kubeconfig: resolve(cwd, kubeconfig) }),
      ...narrowed,
    },
    ...(config === undefined ? {} : { file: config }),
  });
}
