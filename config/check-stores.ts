import { isList, isObject, type JsonObject, meantOrKnown, type StoreType } from '../kernel/index.js';
import { checkSchema } from './check-schema.js';
import type { Misfit } from './misfit.js';

/** Checks that every store is of a known type and has the options of that type, and that no two have one name. */
export function checkStores(config: JsonObject, types: ReadonlyMap<string, StoreType>): readonly Misfit[] {
  const stores = isList(config.stores) ? config.stores : [];
  const seen = new Set<string>();
  return stores.flatMap((store, index) => {
    if (!isObject(store)) return [];
    return [...checkName(store, index, seen), ...checkType(store, index, types)];
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

function checkType(store: JsonObject, index: number, types: ReadonlyMap<string, StoreType>): readonly Misfit[] {
  if (typeof store.type !== 'string' || store.type === '') return [];
  const type = types.get(store.type);
  if (type === undefined) {
    const known = [...types.keys()].sort();
    const message = `no plug-in brings the store type '${store.type}'${meantOrKnown(store.type, known)}`;
    return [{ code: 'reference-missing', path: ['stores', index, 'type'], message }];
  }
  return checkSchema(type.optionsSchema, optionsOf(store)).map((misfit) => ({
    ...misfit,
    path: ['stores', index, ...misfit.path],
  }));
}

/** What a store's entry says beside its name and type: the options of its type. */
export function optionsOf(store: JsonObject): JsonObject {
  const { name: _name, type: _type, ...options } = structuredClone(store) as Record<string, JsonObject>;
  return options;
}
