import fileSystem from '../adapters/file-system/index.js';
import json from '../adapters/json/index.js';
import kubernetes from '../adapters/kubernetes/index.js';
import type { Plugin } from '../kernel/plugin.js';
import { enginePlugins } from './engine-plugins.js';

/** The plug-ins that every command has without asking. */
export const builtInPlugins: readonly Plugin[] = [...enginePlugins, fileSystem, json, kubernetes];
