import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errorMessage, isList, type JsonObject, type Plugin } from '../kernel/index.js';
import type { Misfit } from './misfit.js';

/** The plug-ins that could be loaded, and what is wrong with the others. */
export interface LoadedPlugins {
  readonly plugins: readonly Plugin[];
  readonly misfits: readonly Misfit[];
}

/** Loads the plug-in modules that a configuration names: paths relative to its folder, or packages installed there. */
export async function loadPlugins(config: JsonObject, baseDirectory: string): Promise<LoadedPlugins> {
  const specifiers = isList(config.plugins) ? config.plugins : [];
  const results = await Promise.all(
    specifiers.map((specifier, index) => (typeof specifier === 'string' ? load(specifier, index, baseDirectory) : [])),
  );
  const all = results.flat();
  return {
    plugins: all.flatMap((one) => ('register' in one ? [one] : [])),
    misfits: all.flatMap((one) => ('register' in one ? [] : [one])),
  };
}

async function load(specifier: string, index: number, baseDirectory: string): Promise<readonly (Plugin | Misfit)[]> {
  const path = ['plugins', index];
  try {
    const module: { readonly default?: unknown } = await import(locate(specifier, baseDirectory));
    if (isPlugin(module.default)) return [module.default];
    const message = `'${specifier}' is no plug-in: its default export needs a \`name\` and a \`register\` function`;
    return [{ code: 'plugin', path, message }];
  } catch (error) {
    return [{ code: 'plugin', path, message: `'${specifier}' cannot be loaded: ${firstLine(error)}` }];
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
