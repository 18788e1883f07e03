import fileSystem from '../adapters/file-system/index.js';
import json from '../adapters/json/index.js';
import kubernetes from '../adapters/kubernetes/index.js';
import type { BuiltInPlugins } from '../config/index.js';
import { enginePlugins } from './engine-plugins.js';

/**
 * The plug-ins that a deployment has without installing any. One that needs options, or costs time to load, is on demand: a
 * configuration names it under `plugins`.
 */
export const builtInPlugins: BuiltInPlugins = {
  builtIn: [...enginePlugins, fileSystem, json, kubernetes],
  onDemand: { http: async () => (await import('../plugins/http/index.js')).default },
};
