import { definePlugin, type StoreType } from '../../kernel/index.js';
import { FileSystemStore } from './file-system-store.js';
import { completeOptions, FILE_SYSTEM_OPTIONS } from './options.js';

/** Stores of type `file-system`: a folder of manifests, in YAML or JSON. */
export const fileSystemStore: StoreType = {
  type: 'file-system',
  optionsSchema: FILE_SYSTEM_OPTIONS,
  create: (context, options) => new FileSystemStore(context, completeOptions(options)),
};

/** Brings the store type `file-system`. */
const plugin = definePlugin({
  name: 'file-system',
  apiVersion: 'v1',
  register: (registry) => registry.storeType(fileSystemStore),
});

export default plugin;
