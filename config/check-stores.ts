import {
  errorMessage,
  isList,
  isObject,
  type JsonObject,
  meantOrKnown,
  type StoreContext,
  type StoreType,
  SystemClock,
} from '../kernel/index.js';
import { checkSchema } from './check-schema.js';
import type { Misfit } from './misfit.js';

/** What stores are checked with. */
export interface StoreCheck {
  readonly types: ReadonlyMap<string, StoreType>;
  readonly baseDirectory: string;
}

/** Checks that every store is of a known type and can be made with its options, and that no two have one name. */
export function checkStores(config: JsonObject, check: StoreCheck): readonly Misfit[] {
  const stores = isList(config.stores) ? config.stores : [];
  const seen = new Set<string>();
  return stores.flatMap((store, index) => {
    if (!isObject(store)) return [];
    return [...checkName(store, index, seen), ...checkType(store, index, check)];
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

function checkType(store: JsonObject, index: number, { types, baseDirectory }: StoreCheck): readonly Misfit[] {
  if (typeof store.type !== 'string' || store.type === '') return [];
  const type = types.get(store.type);
  if (type === undefined) {
    const known = [...types.keys()].sort();
    const message = `no plug-in brings the store type '${store.type}'${meantOrKnown(store.type, known)}`;
    return [{ code: 'reference-missing', path: ['stores', index, 'type'], message }];
  }
  const options = optionsOf(store);
  const misfits = checkSchema(type.optionsSchema, options);
  if (misfits.length > 0) return misfits.map((misfit) => ({ ...misfit, path: ['stores', index, ...misfit.path] }));
  return tryToMake(type, { name: String(store.name), baseDirectory, clock: new SystemClock() }, options).map(
    (message) => ({ code: 'store-create', path: ['stores', index], message }),
  );
}

/** What a schema cannot say of options, the store itself says when it is made; until it is asked for something, it does nothing. */
function tryToMake(type: StoreType, context: StoreContext, options: JsonObject): readonly string[] {
  try {
    void type.create(context, options).close();
    return [];
  } catch (error) {
    return [errorMessage(error)];
  }
}

/** What a store's entry says beside its name and type: the options of its type. */
export function optionsOf(store: JsonObject): JsonObject {
  const { name: _name, type: _type, ...options } = structuredClone(store) as Record<string, JsonObject>;
  return options;
}
