import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  errorMessage,
  isList,
  isObject,
  type Json,
  type JsonObject,
  type Path,
  type Plugin,
  type PluginEntry,
  type SourceLocation,
} from '../kernel/index.js';
import type { Misfit } from './misfit.js';

/** The plug-ins of the program itself. */
export interface BuiltInPlugins {
  /** Those that are always there. */
  readonly builtIn: readonly Plugin[];
  /** Those that are loaded only when a configuration names them, by name: they need options, or cost time to load. */
  readonly onDemand?: Readonly<Record<string, () => Promise<Plugin>>>;
}

/** What the plug-ins of a configuration are loaded with. */
export interface PluginSearch extends BuiltInPlugins {
  readonly baseDirectory: string;
  /** Where in the configuration something stands. */
  locate(path: Path, of?: 'key' | 'value'): SourceLocation | undefined;
}

/** The plug-ins of a deployment, and what is wrong with those that could not be loaded. */
export interface LoadedPlugins {
  /** The built-in ones that no entry names, then one for each entry, with its options. */
  readonly plugins: readonly PluginEntry[];
  readonly misfits: readonly Misfit[];
}

/**
 * Loads the plug-ins that a configuration names: built-in ones by their name, else paths relative to its folder, or packages
 * installed there.
 */
export async function loadPlugins(config: JsonObject, search: PluginSearch): Promise<LoadedPlugins> {
  const named = (isList(config.plugins) ? config.plugins : []).map(asEntry);
  const results = await Promise.all(named.map((entry, index) => loadEntry(entry, index, search)));
  const entries = results.flatMap((one) => ('plugin' in one ? [one] : []));
  const chosen = new Set(named.map(({ specifier }) => specifier));
  return {
    plugins: [...search.builtIn.filter(({ name }) => !chosen.has(name)).map((plugin) => ({ plugin })), ...entries],
    misfits: results.flatMap((one) => ('plugin' in one ? [] : one)),
  };
}

/** An entry of `plugins`; what does not fit the schema, which is told apart, has no specifier. */
interface NamedPlugin {
  readonly specifier?: string;
  readonly options?: JsonObject;
}

function asEntry(entry: Json): NamedPlugin {
  if (typeof entry === 'string') return { specifier: entry };
  if (!isObject(entry) || typeof entry.plugin !== 'string') return {};
  return { specifier: entry.plugin, ...(isObject(entry.options) ? { options: entry.options } : {}) };
}

async function loadEntry(
  { specifier, options }: NamedPlugin,
  index: number,
  search: PluginSearch,
): Promise<PluginEntry | readonly Misfit[]> {
  if (specifier === undefined) return [];
  const path = ['plugins', index];
  const found = await findPlugin(specifier, search);
  if (found.type === 'fault') return [{ code: 'plugin', path, message: found.message }];
  return {
    plugin: found.plugin,
    ...(options === undefined ? {} : { options }),
    origin: { module: found.module, locate: (rest, of) => search.locate([...path, ...rest], of) ?? { path } },
  };
}

type Found =
  | { readonly type: 'plugin'; readonly plugin: Plugin; readonly module: string }
  | { readonly type: 'fault'; readonly message: string };

async function findPlugin(specifier: string, { builtIn, onDemand = {}, baseDirectory }: PluginSearch): Promise<Found> {
  const load = Object.hasOwn(onDemand, specifier) ? onDemand[specifier] : undefined;
  const plugin = (await load?.()) ?? builtIn.find(({ name }) => name === specifier);
  if (plugin !== undefined) return { type: 'plugin', plugin, module: 'built in' };
  try {
    const module: { readonly default?: unknown } = await import(locate(specifier, baseDirectory));
    if (isPlugin(module.default)) return { type: 'plugin', plugin: module.default, module: specifier };
    const message = `'${specifier}' is no plug-in: its default export needs a \`name\`, an \`apiVersion\` and a \`register\` function`;
    return { type: 'fault', message };
  } catch (error) {
    return { type: 'fault', message: `'${specifier}' cannot be loaded: ${firstLine(error)}` };
  }
}

/** The rest of what Node says about a missing module is where it looked. */
function firstLine(error: unknown): string {
  return errorMessage(error).split('\n', 1)[0] ?? '';
}

function locate(specifier: string, baseDirectory: string): string {
  if (/^\.{0,2}[/\\]/.test(specifier)) return pathToFileURL(resolve(baseDirectory, specifier)).href;
  return pathToFileURL(createRequire(resolve(baseDirectory, 'koreo.config.yaml')).resolve(specifier)).href;
}

function isPlugin(value: unknown): value is Plugin {
  if (typeof value !== 'object' || value === null) return false;
  const { name, register } = value as Partial<Plugin>;
  return typeof name === 'string' && typeof register === 'function';
}
