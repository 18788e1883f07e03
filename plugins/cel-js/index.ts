import { definePlugin } from '../../kernel/plugin.js';
import { celJsEngine } from './engine.js';

export { celJsEngine } from './engine.js';

/** An expression engine for those who have expressions that were written for the package `cel-js`. */
const plugin = definePlugin({
  name: 'cel-js',
  apiVersion: 'v1',
  register: (registry) => registry.engine(celJsEngine()),
});

export default plugin;
