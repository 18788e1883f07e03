import {
  checkOptions,
  errorMessage,
  isList,
  isObject,
  type JsonObject,
  meantOrKnown,
  type Path,
  type StoreContext,
  type StoreType,
  SystemClock,
} from '../kernel/index.js';
import { electingStore } from './check-leader-election.js';
import type { Brought } from './contributions.js';
import type { Misfit } from './misfit.js';

/** What stores are checked with. */
export interface StoreCheck extends Brought {
  readonly baseDirectory: string;
}

/**
 * Checks that every store is of a known type and can be made with its options, that no two have one name, and that the one
 * in which processes agree on a leader can do so.
 */
export function checkStores(config: JsonObject, check: StoreCheck): readonly Misfit[] {
  const stores = isList(config.stores) ? config.stores : [];
  const seen = new Set<string>();
  const elector = electingStore(config);
  return stores.flatMap((store, index) => {
    if (!isObject(store)) return [];
    const elects = store.name === elector;
    return [...checkName(store, index, seen), ...checkType(store, index, { ...check, elects })];
  });
}

function checkName(store: JsonObject, index: number, seen: Set<string>): readonly Misfit[] {
  const { name } = store;
  if (typeof name !== 'string') return [];
  if (seen.has(name)) {
    const message = `another store is named '${name}' already; give each a name of its own`;
    return [{ code: 'duplicate-name', path: ['stores', index, 'name'], message }];
  }
  seen.add(name);
  return [];
}

function checkType(
  store: JsonObject,
  index: number,
  { storeTypes, isPartial, baseDirectory, elects }: StoreCheck & { readonly elects: boolean },
): readonly Misfit[] {
  if (typeof store.type !== 'string' || store.type === '') return [];
  const type = storeTypes.get(store.type);
  if (type === undefined) {
    if (isPartial) return [];
    const known = [...storeTypes.keys()].sort();
    const message = `no plug-in brings the store type '${store.type}'${meantOrKnown(store.type, known)}`;
    return [{ code: 'reference-missing', path: ['stores', index, 'type'], message }];
  }
  const path: Path = ['stores', index];
  const checked = checkOptions(type.optionsSchema, optionsOf(store));
  if (checked.type === 'misfit') {
    return checked.faults.map((fault) => ({ ...fault, code: 'schema', path: [...path, ...fault.path] }));
  }
  if (checked.type === 'bad-schema') {
    const message = `the schema of the options of type '${type.type}' cannot be used: ${checked.message}`;
    return [{ code: 'plugin-schema', path: [...path, 'type'], message }];
  }
  const context = { name: String(store.name), baseDirectory, clock: new SystemClock() };
  const made = tryToMake(type, context, checked.options);
  if ('fault' in made) return [{ code: 'store-create', path, message: made.fault }];
  return elects && !made.canElect ? [cannotElect(context.name, type.type)] : [];
}

/** What a schema cannot say of options, the store itself says when it is made; until it is asked for something, it does nothing. */
function tryToMake(
  type: StoreType,
  context: StoreContext,
  options: JsonObject,
): { readonly canElect: boolean } | { readonly fault: string } {
  try {
    const store = type.create(context, options);
    void store.close();
    return { canElect: store.election !== undefined };
  } catch (error) {
    return { fault: errorMessage(error) };
  }
}

function cannotElect(name: string, type: string): Misfit {
  const path: Path = ['leaderElection', 'store'];
  const message = `processes cannot agree on a leader in the store '${name}' of type ${type}; name one of type kubernetes`;
  return { code: 'reference-missing', path, message };
}

/** What a store's entry says beside its name and type: the options of its type. */
export function optionsOf(store: JsonObject): JsonObject {
  const { name: _name, type: _type, ...options } = structuredClone(store) as Record<string, JsonObject>;
  return options;
}
