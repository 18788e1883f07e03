import { definePlugin, type JsonObject, type StoreContext, type StoreType } from '../../kernel/index.js';
import { createJsonStore } from './create-json-store.js';
import { type FileOptions, JSON_OPTIONS_SCHEMA } from './json-options.js';

export { JsonStoreOptionsError } from './collection.js';
export { createJsonStore, type JsonFileStoreOptions, type JsonMemoryStoreOptions } from './create-json-store.js';
export type { CollectionOptions, DocumentOptions, FileOptions, StatusOptions } from './json-options.js';
export type { JsonStore } from './json-store.js';

/** The type of store that shows an existing JSON file as resources. */
export const jsonStore: StoreType = {
  type: 'json',
  optionsSchema: JSON_OPTIONS_SCHEMA,
  create: ({ name, baseDirectory, clock }: StoreContext, options: JsonObject) =>
    // The kernel has checked them by the schema, which says the same as the type.
    createJsonStore({ ...(options as unknown as FileOptions), name, baseDirectory, clock }),
};

/** Brings the store type `json`. */
const plugin = definePlugin({
  name: 'json',
  apiVersion: 'v1',
  register: (registry) => registry.storeType(jsonStore),
});

export default plugin;
