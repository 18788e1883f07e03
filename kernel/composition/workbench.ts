import { type Observable, Subject } from 'rxjs';
import { container } from 'tsyringe';
import type { Plugin, PluginEntry } from '../contracts/plugin.js';
import type { StoreType } from '../contracts/store-type.js';
import type { Incident } from '../controller/incident.js';
import { createPrepareContext } from '../language/create-prepare-context.js';
import { DEFAULT_DOCUMENT_LIMITS, type DocumentLimits, type PrepareContext } from '../language/prepare-context.js';
import { standardLibrary } from '../library/standard-library.js';
import type { Problem } from '../model/problem.js';
import { PluginHost } from '../plugins/plugin-host.js';
import { SystemClock } from '../scheduler/system-clock.js';
import { missing } from './claims.js';
import { KernelConfigurationError } from './kernel-errors.js';
import type { KernelLimits } from './kernel-options.js';
import { pluginClaims } from './plugin-claims.js';
import { processEnvironment } from './process-environment.js';

/** What a workbench is made of. */
export interface WorkbenchOptions {
  readonly plugins: readonly (Plugin | PluginEntry)[];
  /** The language of expressions where a definition chooses none; `cel` by default. */
  readonly language?: string;
  readonly limits?: Partial<DocumentLimits & Pick<KernelLimits, 'compiledExpressions'>>;
  /** What paths in the options of plug-ins are relative to; the current folder by default. */
  readonly baseDirectory?: string;
}

/** What tools need that prepare definitions and evaluate expressions, and run no loop: engines, functions, limits. */
export interface Workbench {
  readonly context: PrepareContext;
  readonly storeTypes: ReadonlyMap<string, StoreType>;
  /** What went wrong in plug-ins while what they bring was used; from when one listens. */
  readonly incidents: Observable<Incident>;
}

/**
 * Makes a workbench of what plug-ins register; none is started.
 * @throws KernelConfigurationError with everything that is wrong
 */
export function createWorkbench(options: WorkbenchOptions): Workbench {
  const { workbench, problems } = checkWorkbench(options);
  const all = [...problems, ...missingLanguage(workbench)];
  if (all.length > 0) throw new KernelConfigurationError(all);
  return workbench;
}

/** A workbench of what fits, with everything that does not. */
export interface CheckedWorkbench {
  readonly workbench: Workbench;
  readonly problems: readonly Problem[];
}

/** The same for tools that have more to check themselves, the default language too: nothing is thrown. */
export function checkWorkbench({ plugins, baseDirectory = '.', ...options }: WorkbenchOptions): CheckedWorkbench {
  const incidents = new Subject<Incident>();
  const host = new PluginHost(plugins, container.createChildContainer(), {
    baseDirectory,
    clock: new SystemClock(),
    environment: processEnvironment,
    incident: (source, error) => incidents.next({ source, error }),
  });
  return assembleWorkbench(host, options, incidents);
}

/** A problem when no plug-in brings the default language. */
export function missingLanguage({ context }: Workbench): readonly Problem[] {
  return missing('the default language', 'language', context.defaultLanguage, context.engines.keys());
}

/** Puts together what the plug-ins of a host have registered, and tells what does not fit. */
export function assembleWorkbench(
  host: PluginHost,
  { language = 'cel', limits = {} }: Omit<WorkbenchOptions, 'plugins' | 'baseDirectory'>,
  incidents: Observable<Incident>,
): CheckedWorkbench {
  const engines = host.contributions('engine');
  const functions = host.contributions('function');
  const storeTypes = host.contributions('storeType');
  const library = standardLibrary();
  const standard = [...library.keys()];
  for (const { value } of functions) library.set(value.name, value);
  const context = createPrepareContext({
    engines: engines.map(({ value }) => value),
    defaultLanguage: language,
    library,
    limits: { ...DEFAULT_DOCUMENT_LIMITS, ...limits },
    ...(limits.compiledExpressions === undefined ? {} : { programs: limits.compiledExpressions }),
  });
  const problems = [...host.problems(), ...pluginClaims(host, standard)];
  const workbench = { context, storeTypes: new Map(storeTypes.map(({ value }) => [value.type, value])), incidents };
  return { workbench, problems };
}
