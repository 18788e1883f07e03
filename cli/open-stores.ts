import { type LoadedConfig, toKernelOptions } from '../config/index.js';
import {
  createKernel,
  type GroupVersionKind,
  meantOrKnown,
  type ResourceHandler,
  type Store,
  StoreHandler,
  StoreRouter,
} from '../kernel/index.js';
import { UsageError } from './usage-error.js';

/** The stores of a deployment, for a command that looks at them or writes to them itself; no loop runs. */
export interface OpenStores {
  readonly loaded: LoadedConfig;
  readonly all: ReadonlyMap<string, Store>;
  /** Says where a kind lies. */
  readonly router: StoreRouter;
  /** What reads the resources of a kind: a plug-in's handler, or else the store that the router names. */
  handlerFor(gvk: GroupVersionKind): ResourceHandler;
  close(): Promise<void>;
}

/** Makes the stores; they do nothing until they are asked. @throws KernelConfigurationError */
export function openStores(loaded: LoadedConfig): OpenStores {
  // Never started: it makes and closes the stores.
  const kernel = createKernel(toKernelOptions(loaded));
  const { routing, defaultStore, triggerStore } = loaded.config;
  const router = new StoreRouter(kernel.stores, {
    rules: routing,
    ...(defaultStore === undefined ? {} : { default: defaultStore }),
    ...(triggerStore === undefined ? {} : { triggers: triggerStore }),
  });
  return {
    loaded,
    all: kernel.stores,
    router,
    handlerFor: (gvk) => kernel.handlers.find((handler) => handler.claims(gvk)) ?? new StoreHandler(router),
    close: async () => {
      await kernel.stop();
    },
  };
}

/** The store of that name, or all. @throws UsageError that says what was probably meant */
export function chosenStores({ all }: OpenStores, name: string | undefined): readonly Store[] {
  if (name === undefined) return [...all.values()];
  const chosen = all.get(name);
  if (chosen !== undefined) return [chosen];
  throw new UsageError(`there is no store '${name}'${meantOrKnown(name, [...all.keys()])}`);
}
