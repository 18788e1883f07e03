import type { Plugin, PluginEntry } from '../contracts/plugin.js';
import type { Path } from '../model/path.js';
import type { Problem } from '../model/problem.js';

/** The entry of a plug-in that was given by itself, or as an entry. */
export function entryOf(given: Plugin | PluginEntry): PluginEntry {
  return 'plugin' in given ? given : { plugin: given };
}

/** A plug-in as messages speak of it: `plug-in 'acme' (./plugins/acme.js)`. */
export function inWords({ plugin: { name }, origin }: PluginEntry): string {
  return origin === undefined ? `plug-in '${name}'` : `plug-in '${name}' (${origin.module})`;
}

/** What a problem of a plug-in is about, apart from its entry as a whole. */
export interface PluginProblem extends Pick<Problem, 'code' | 'message'> {
  /** Where in its options. */
  readonly path?: Path;
  readonly isKey?: boolean;
}

/** A problem with a plug-in, told at its place in the configuration where there is one. */
export function problemOf(entry: PluginEntry, { path, isKey = false, ...problem }: PluginProblem): Problem {
  const inOptions = path === undefined ? [] : ['options', ...path];
  const location = entry.origin?.locate?.(inOptions, isKey ? 'key' : 'value') ?? { path: inOptions };
  return { ...problem, subject: inWords(entry), location };
}
