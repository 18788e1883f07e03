import type { LoadedConfig } from '../../config/index.js';
import { byPlace } from '../../kernel/index.js';
import type { DefinitionReader } from './definition-reader.js';
import { type DefinitionSet, definitionSet } from './definition-set.js';
import { FileReader } from './file-reader.js';
import { StoreReader } from './store-reader.js';

/** Which definitions a command is about. */
export interface DefinitionRequest {
  /** Files and folders; without any, what the configuration says, or the current folder where nothing does. */
  readonly paths: readonly string[];
  readonly loaded: LoadedConfig;
  readonly cwd: string;
}

/** The definitions that a command is about, each time that it asks, and what tells it when to ask again. */
export interface DefinitionFinder {
  /** @throws UsageError for a path that is not there */
  find(): Promise<DefinitionSet>;
  readonly changes: DefinitionReader['changes'];
  close(): Promise<void>;
}

/** Finds, prepares and links definitions, from files and folders or from the configured stores. */
export function definitionFinder({ paths, loaded, cwd }: DefinitionRequest): DefinitionFinder {
  const { context } = loaded.workbench;
  const { limits, definitions } = loaded.config;
  const fromStores = paths.length === 0 && !loaded.isDefault;
  const reader = fromStores
    ? new StoreReader(loaded, cwd)
    : new FileReader({ paths: paths.length === 0 ? ['.'] : paths, cwd, limits });
  return {
    async find() {
      const { resources, problems } = await reader.read();
      const set = definitionSet({ resources, context, ...(fromStores ? { sources: definitions } : {}) });
      return { ...set, problems: [...problems, ...set.problems].sort(byPlace) };
    },
    changes: reader.changes,
    close: () => reader.close(),
  };
}
