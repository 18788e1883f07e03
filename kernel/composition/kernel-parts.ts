import type { Observable } from 'rxjs';
import type { Clock } from '../contracts/clock.js';
import type { ResourceHandler } from '../contracts/resource-handler.js';
import type { RunObserver } from '../contracts/run-report.js';
import type { Store } from '../contracts/store.js';
import type { Incident } from '../controller/incident.js';
import type { DefinitionSources } from '../definitions/source-order.js';
import type { Problem } from '../model/problem.js';
import type { PluginHost } from '../plugins/plugin-host.js';
import type { Routing } from '../resources/store-router.js';
import { assembleStores } from './assemble-stores.js';
import { missing } from './claims.js';
import { FencedHandler } from './fenced-handler.js';
import { KernelConfigurationError } from './kernel-errors.js';
import type { KernelOptions } from './kernel-options.js';
import { assembleWorkbench, missingLanguage, type Workbench } from './workbench.js';

/** What was registered and configured, checked as a whole. */
export interface KernelParts {
  readonly workbench: Workbench;
  readonly stores: ReadonlyMap<string, Store>;
  /** The stores that the kernel made and has to close. */
  readonly owned: readonly Store[];
  readonly routing: Routing;
  readonly definitions: readonly DefinitionSources[];
  /** Those of plug-ins; the default one is not among them. */
  readonly handlers: readonly ResourceHandler[];
  readonly observers: readonly RunObserver[];
}

/** @throws KernelConfigurationError with everything that is wrong; nothing has been started then */
export function assembleParts(
  host: PluginHost,
  options: KernelOptions,
  { clock, incidents }: { readonly clock: Clock; readonly incidents: Observable<Incident> },
): KernelParts {
  const { baseDirectory = '.', fence } = options;
  const { workbench, problems } = assembleWorkbench(host, options, incidents);
  const {
    stores,
    owned,
    problems: storeProblems,
  } = assembleStores(options.stores, workbench.storeTypes, {
    baseDirectory,
    clock,
    limits: workbench.context.limits,
    ...(fence === undefined ? {} : { fence }),
  });
  const names = options.stores.map(({ name }) => name);
  const handlers = host.contributions('resourceHandler');
  const observers = host.contributions('observer');
  const all = [
    ...problems,
    ...missingLanguage(workbench),
    ...storeProblems,
    ...storeReferences(options, names),
    ...definitionProblems(options, names),
  ];
  if (all.length > 0) throw new KernelConfigurationError(all);
  const [only = '', ...others] = names;
  const fallback = options.defaultStore ?? (others.length === 0 ? only : undefined);
  return {
    workbench,
    stores,
    owned,
    routing: {
      rules: options.routing ?? [],
      ...(fallback === undefined ? {} : { default: fallback }),
      ...(options.triggerStore === undefined ? {} : { triggers: options.triggerStore }),
    },
    definitions: options.definitions ?? [{ store: only }],
    handlers: handlers.map(({ value }) => (fence === undefined ? value : new FencedHandler(value, fence))),
    observers: observers.map(({ value }) => value),
  };
}

/** Every store that is spoken of and is not there. One whose making failed is there, and has its own problem. */
function storeReferences(options: KernelOptions, names: readonly string[]): readonly Problem[] {
  const { routing = [], defaultStore, triggerStore, definitions = [] } = options;
  return [
    ...routing.flatMap(({ store }, index) => missing(`routing rule ${index + 1}`, 'store', store, names)),
    ...(defaultStore === undefined ? [] : missing('defaultStore', 'store', defaultStore, names)),
    ...(triggerStore === undefined ? [] : missing('triggerStore', 'store', triggerStore, names)),
    ...definitions.flatMap(({ store }, index) => missing(`source ${index + 1} of definitions`, 'store', store, names)),
  ];
}

function definitionProblems({ definitions }: KernelOptions, names: readonly string[]): readonly Problem[] {
  if (names.length === 0) return [{ code: 'schema', message: 'a kernel needs at least one store' }];
  if (definitions !== undefined || names.length === 1) return [];
  return [{ code: 'schema', message: 'with several stores, say in `definitions` which of them hold definitions' }];
}
