import { container } from 'tsyringe';
import type { Plugin, StoreType } from '../contracts/plugin.js';
import { createPrepareContext } from '../language/create-prepare-context.js';
import { DEFAULT_DOCUMENT_LIMITS, type DocumentLimits, type PrepareContext } from '../language/prepare-context.js';
import { standardLibrary } from '../library/standard-library.js';
import type { Problem } from '../model/problem.js';
import { doubleClaims, missing } from './claims.js';
import { KernelConfigurationError } from './kernel-errors.js';
import type { KernelLimits } from './kernel-options.js';
import { PluginHost } from './plugin-host.js';

/** What a workbench is made of. */
export interface WorkbenchOptions {
  readonly plugins: readonly Plugin[];
  /** The language of expressions where a definition chooses none; `cel` by default. */
  readonly language?: string;
  readonly limits?: Partial<DocumentLimits & Pick<KernelLimits, 'compiledExpressions'>>;
}

/** What tools need that prepare definitions and evaluate expressions, and run no loop: engines, functions, limits. */
export interface Workbench {
  readonly context: PrepareContext;
  readonly storeTypes: ReadonlyMap<string, StoreType>;
}

/**
 * Makes a workbench of what plug-ins register; none is started.
 * @throws KernelConfigurationError with everything that is wrong
 */
export function createWorkbench(options: WorkbenchOptions): Workbench {
  const host = new PluginHost(options.plugins, container.createChildContainer());
  const { workbench, problems } = assembleWorkbench(host, options);
  if (problems.length > 0) throw new KernelConfigurationError(problems);
  return workbench;
}

/** Puts together what the plug-ins of a host have registered, and tells what does not fit. */
export function assembleWorkbench(
  host: PluginHost,
  { language = 'cel', limits = {} }: Omit<WorkbenchOptions, 'plugins'>,
): { readonly workbench: Workbench; readonly problems: readonly Problem[] } {
  const engines = host.contributions('engine');
  const functions = host.contributions('function');
  const storeTypes = host.contributions('storeType');
  const library = standardLibrary();
  const standard = [...library.keys()].map((name) => ({ name, by: 'the standard library' }));
  const claimed = functions.map(({ plugin, value }) => ({ name: value.name, by: `plug-in '${plugin}'` }));
  for (const { value } of functions) library.set(value.name, value);
  const context = createPrepareContext({
    engines: engines.map(({ value }) => value),
    defaultLanguage: language,
    library,
    limits: { ...DEFAULT_DOCUMENT_LIMITS, ...limits },
    ...(limits.compiledExpressions === undefined ? {} : { programs: limits.compiledExpressions }),
  });
  const problems = [
    ...host.problems(),
    ...doubleClaims(
      'language',
      engines.map(({ plugin, value }) => ({ name: value.language, by: `plug-in '${plugin}'` })),
    ),
    ...doubleClaims('function', [...standard, ...claimed]),
    ...doubleClaims(
      'store type',
      storeTypes.map(({ plugin, value }) => ({ name: value.type, by: `plug-in '${plugin}'` })),
    ),
    ...missing('the default language', 'language', language, context.engines.keys()),
  ];
  const workbench = { context, storeTypes: new Map(storeTypes.map(({ value }) => [value.type, value])) };
  return { workbench, problems };
}
