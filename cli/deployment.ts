import { resolve } from 'node:path';
import { type ClusterChoice, type Environment, type LoadedConfig, loadConfig } from '../config/index.js';
import { builtInPlugins } from './built-in-plugins.js';
import { checkCluster } from './check-cluster.js';
import type { ConnectionOptions, NamespaceOptions } from './connection.js';
import type { Session } from './session.js';

/**
 * Loads the deployment that the user named: a configuration, or the one of the current folder, or a cluster alone, or the
 * defaults. Paths on the command line are relative to `cwd`. @throws ConfigError; UsageError for a cluster that there is not
 */
export function loadDeployment(cwd: string, options: ConnectionOptions): Promise<LoadedConfig> {
  return load(cwd, options);
}

/** The same for a command that looks at one namespace of the cluster only, where the user named one. @throws ConfigError */
export function loadNarrowed(cwd: string, options: ConnectionOptions & NamespaceOptions): Promise<LoadedConfig> {
  return load(cwd, options, narrowing(options));
}

/**
 * The same for what runs the loop: in a pod it is, where nothing else is said, the controller of its own cluster. Whatever else
 * is called in a pod, by CI say, is about its folder. @throws ConfigError
 */
export function loadController(
  { cwd, environment }: Session,
  options: ConnectionOptions & NamespaceOptions,
): Promise<LoadedConfig> {
  return load(cwd, options, { ...narrowing(options), environment });
}

/** What a command says beside its connection. */
interface Bounds extends Pick<ClusterChoice, 'namespaces'> {
  readonly environment?: Environment;
}

function narrowing({ namespace }: NamespaceOptions): Bounds {
  return namespace === undefined ? {} : { namespaces: [namespace] };
}

async function load(
  cwd: string,
  { config, context, kubeconfig }: ConnectionOptions,
  { environment, ...narrowed }: Bounds = {},
): Promise<LoadedConfig> {
  const cluster: ClusterChoice = {
    ...(context === undefined ? {} : { context }),
    ...(kubeconfig === undefined ? {} : { kubeconfig: resolve(cwd, kubeconfig) }),
    ...narrowed,
  };
  const loaded = await loadConfig({
    cwd,
    ...builtInPlugins,
    cluster,
    ...(environment === undefined ? {} : { environment }),
    ...(config === undefined ? {} : { file: config }),
  });
  await checkCluster(loaded, cluster);
  return loaded;
}
