import type { Store } from '../contracts/store.js';
import type { StoreContext, StoreType } from '../contracts/store-type.js';
import { errorMessage } from '../model/errors.js';
import type { Problem } from '../model/problem.js';
import { checkOptions } from '../plugins/check-options.js';
import { doubleNames, missing } from './claims.js';
import { FencedStore } from './fenced-store.js';
import type { StoreConfiguration } from './kernel-options.js';

/** The stores of a kernel, by name. */
export interface AssembledStores {
  readonly stores: ReadonlyMap<string, Store>;
  /** Those that were made here, and so are to be closed. */
  readonly owned: readonly Store[];
  readonly problems: readonly Problem[];
}

/**
 * Makes the stores that are only described, after checking their options, and puts them with those that are there; all
 * of them behind the fence, where there is one.
 */
export function assembleStores(
  entries: readonly (Store | StoreConfiguration)[],
  types: ReadonlyMap<string, StoreType>,
  context: Omit<StoreContext, 'name'>,
): AssembledStores {
  const stores = new Map<string, Store>();
  const owned: Store[] = [];
  const problems = [
    ...doubleNames(
      'stores',
      entries.map(({ name }) => name),
    ),
  ];
  const { fence } = context;
  const behindFence = (store: Store): Store => (fence === undefined ? store : new FencedStore(store, fence));
  for (const entry of entries) {
    if (isStore(entry)) {
      stores.set(entry.name, behindFence(entry));
      continue;
    }
    const made = makeStore(entry, types, context);
    problems.push(...made.problems);
    if (made.store === undefined) continue;
    stores.set(entry.name, behindFence(made.store));
    owned.push(made.store);
  }
  return { stores, owned, problems };
}

function isStore(entry: Store | StoreConfiguration): entry is Store {
  return 'watch' in entry;
}

function makeStore(
  { name, type: typeName, options = {} }: StoreConfiguration,
  types: ReadonlyMap<string, StoreType>,
  context: Omit<StoreContext, 'name'>,
): { readonly store?: Store; readonly problems: readonly Problem[] } {
  const type = types.get(typeName);
  if (type === undefined) return { problems: missing(`store '${name}'`, 'store type', typeName, types.keys()) };
  const of = { store: name };
  const checked = checkOptions(type.optionsSchema, options);
  switch (checked.type) {
    case 'misfit':
      return {
        problems: checked.faults.map(({ message, path }) => ({ ...of, code: 'schema', message, location: { path } })),
      };
    case 'bad-schema': {
      const message = `the schema of the options of type '${typeName}' cannot be used: ${checked.message}`;
      return { problems: [{ ...of, code: 'plugin-schema', message }] };
    }
    case 'fit':
      try {
        return { store: type.create({ ...context, name }, checked.options), problems: [] };
      } catch (error) {
        return { problems: [{ ...of, code: 'store-create', message: errorMessage(error) }] };
      }
  }
}
