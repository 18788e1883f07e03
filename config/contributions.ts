import { checkWorkbench, type PluginEntry, type Problem, type StoreType } from '../kernel/index.js';

/** What plug-ins bring that a configuration may speak of. */
export interface Brought {
  readonly storeTypes: ReadonlyMap<string, StoreType>;
  readonly languages: readonly string[];
  /** Whether a plug-in is missing here, so that what is not there may be its. What is wrong with it is told apart. */
  readonly isPartial: boolean;
}

/** The same, with what is wrong with the plug-ins. */
export interface Contributions extends Omit<Brought, 'isPartial'> {
  readonly problems: readonly Problem[];
}

/** What the plug-ins bring, as far as they could register. */
export function contributionsOf(plugins: readonly PluginEntry[], baseDirectory: string): Contributions {
  const { workbench, problems } = checkWorkbench({ plugins, baseDirectory });
  const { context, storeTypes } = workbench;
  return { storeTypes, languages: [...context.engines.keys()].sort(), problems };
}
