import {
  createWorkbench,
  KernelConfigurationError,
  type Plugin,
  type StoreType,
  type Workbench,
} from '../kernel/index.js';
import type { Misfit } from './misfit.js';

/** What plug-ins bring that a configuration may speak of, and how they clash with one another. */
export interface Contributions {
  readonly storeTypes: ReadonlyMap<string, StoreType>;
  readonly languages: readonly string[];
  readonly misfits: readonly Misfit[];
}

/** What the plug-ins bring; of those that clash only what is built in. */
export function contributionsOf(plugins: readonly Plugin[], builtIn: readonly Plugin[]): Contributions {
  try {
    return { ...namesIn(createWorkbench({ plugins })), misfits: [] };
  } catch (error) {
    if (!(error instanceof KernelConfigurationError)) throw error;
    const misfits = error.problems.map(({ code, message }) => ({ code, message, path: ['plugins'] }));
    return { ...namesIn(createWorkbench({ plugins: builtIn })), misfits };
  }
}

function namesIn({ context, storeTypes }: Workbench): Omit<Contributions, 'misfits'> {
  return { storeTypes, languages: [...context.engines.keys()].sort() };
}
