import { definePlugin } from '../../kernel/plugin.js';
import { jsonataEngine } from './engine.js';

export { jsonataEngine } from './engine.js';

/** The expression language JSONata, for those who know it or prefer it. */
const plugin = definePlugin({
  name: 'jsonata',
  apiVersion: 'v1',
  register: (registry) => registry.engine(jsonataEngine()),
});

export default plugin;
