import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import {
  createWorkbench,
  errorMessage,
  type JsonObject,
  type Path,
  type PluginEntry,
  type Problem,
  type SourceLocation,
  type Workbench,
} from '../kernel/index.js';
import { checkLeaderElection, electingStore } from './check-leader-election.js';
import { checkReferences } from './check-references.js';
import { checkSchema } from './check-schema.js';
import { checkStores, optionsOf } from './check-stores.js';
import { withChosenLanguage } from './chosen-language.js';
import { type ChosenConfig, type ClusterChoice, withCluster } from './cluster-choice.js';
import type { ConfiguredPlugin, KoreoConfig } from './config.js';
import { ConfigDocument } from './config-document.js';
import { ConfigError } from './config-error.js';
import { contributionsOf } from './contributions.js';
import { describedBy, type Environment, isInCluster, isOfVariable, withLogLevel } from './environment.js';
import { type BuiltInPlugins, loadPlugins } from './load-plugins.js';
import type { Misfit } from './misfit.js';
import { CONFIG_FILE, CONFIG_SCHEMA } from './schema.js';

/** Where to look for a configuration, and what is there without one. */
export interface LoadOptions extends BuiltInPlugins {
  /** The folder that `file` is relative to, and in which `koreo.config.yaml` is looked for. */
  readonly cwd: string;
  /** The configuration that the user named; it must be there. */
  readonly file?: string;
  /** A cluster that was chosen beside the file; where there is no file, it is the one store of everything. */
  readonly cluster?: ClusterChoice;
  /**
   * The variables that a controller goes by where its configuration says nothing; without one it is a cluster's when a cluster
   * was chosen, or when they say that the process runs in one. Absent: none count.
   */
  readonly environment?: Environment;
}

/** A configuration that can be used. */
export interface LoadedConfig {
  readonly config: KoreoConfig;
  /** The file that it came from; absent when there is none and the defaults hold. */
  readonly file?: string;
  /** Whether nobody said what the deployment is, neither by a file nor by choosing a cluster, nor is the process in one. */
  readonly isDefault: boolean;
  /** What the paths in it are relative to. */
  readonly baseDirectory: string;
  /** The built-in plug-ins, then the configured ones. */
  readonly plugins: readonly PluginEntry[];
  /** What the plug-ins bring for preparing definitions and making stores; none is started. */
  readonly workbench: Workbench;
}

/**
 * Loads `koreo.config.yaml`, or the defaults where there is none: the cluster that was chosen or that the process runs in, or
 * else the current folder, as the one store of everything.
 * @throws ConfigError with everything that is wrong, each with file, line and column
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const file = resolve(options.cwd, options.file ?? CONFIG_FILE);
  const shown = relative(options.cwd, file);
  const text = await readText(file, shown, options.file !== undefined);
  const document = new ConfigDocument(text ?? '', shown);
  refuse(document.problems);

  const baseDirectory = dirname(file);
  const deployment =
    text === undefined ? withoutFile(document.value, options) : withCluster(document.value, options.cluster ?? {});
  const isDefault = text === undefined && deployment.value === document.value;
  const { value: written, misfits: unfit } = withLogLevel(deployment.value, options.environment ?? {});
  const misfits = [...deployment.misfits, ...unfit, ...checkSchema(CONFIG_SCHEMA, written)];
  const value = withChosenLanguage(written);
  const { builtIn, onDemand = {} } = options;
  const locate = (path: Path, of?: 'key' | 'value'): SourceLocation | undefined =>
    text === undefined ? undefined : document.locate(path, of);
  const { plugins, ...loaded } = await loadPlugins(value, { builtIn, onDemand, baseDirectory, locate });
  const { problems, ...contributions } = contributionsOf(plugins, baseDirectory);
  const brought = { ...contributions, isPartial: problems.length + loaded.misfits.length > 0 };
  misfits.push(...loaded.misfits);
  misfits.push(...checkReferences(value, brought), ...checkLeaderElection(value));
  // The defaults need no check, and a command that opens no store needs no plug-in that brings its type.
  if (!isDefault) misfits.push(...checkStores(value, { ...brought, baseDirectory }));
  const hasPlace = (misfit: Misfit): boolean => text !== undefined && !isOfVariable(misfit);
  const told = misfits.map((misfit) => (hasPlace(misfit) ? document.problem(misfit) : withoutPlace(misfit)));
  refuse([...told, ...problems]);

  const config = complete(value);
  const workbench = createWorkbench({ plugins, baseDirectory, language: config.language, limits: config.limits });
  return { config, isDefault, baseDirectory, plugins, workbench, ...(text === undefined ? {} : { file }) };
}

/** The deployment where there is no file. */
function withoutFile(nothing: JsonObject, { environment, cluster = {} }: LoadOptions): ChosenConfig {
  const chosen = withCluster(nothing, cluster);
  if (environment === undefined) return chosen;
  return isInCluster(environment) || chosen.value !== nothing ? describedBy(environment, cluster) : chosen;
}

/** @throws ConfigError with the problems, in the order of the file, when there are any */
function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new ConfigError([...problems].sort((a, b) => lineOf(a) - lineOf(b)));
}

/** What was chosen without a file, or by a variable, stands nowhere. */
function withoutPlace({ code, message }: Misfit): Problem {
  return { code, message };
}

function lineOf({ location }: Problem): number {
  return location?.line ?? 0;
}

async function readText(file: string, shown: string, required: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (missing && !required) return undefined;
    const message = missing ? 'there is no such file' : `cannot be read: ${errorMessage(error)}`;
    throw new ConfigError([{ code: 'config-unreadable', message, location: { path: [], file: shown } }]);
  }
}

/** A checked value as a configuration; with a single store, that one is for everything that names none. */
function complete(value: JsonObject): KoreoConfig {
  const { stores, leaderElection, plugins, ...rest } = value as unknown as Omit<KoreoConfig, 'stores' | 'plugins'> & {
    readonly stores: readonly JsonObject[];
    readonly plugins: readonly (string | ConfiguredPlugin)[];
  };
  const only = stores.length === 1 ? String(stores[0]?.name) : undefined;
  return {
    ...(only === undefined ? {} : { defaultStore: only, definitions: [{ store: only }] }),
    ...rest,
    plugins: plugins.map((entry) => (typeof entry === 'string' ? { plugin: entry } : entry)),
    ...(leaderElection === undefined
      ? {}
      : { leaderElection: { ...leaderElection, store: electingStore(value) ?? '' } }),
    stores: stores.map((store) => ({ name: String(store.name), type: String(store.type), options: optionsOf(store) })),
  };
}
