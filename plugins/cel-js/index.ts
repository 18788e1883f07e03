import type { Plugin } from '../../kernel/plugin.js';
import { celJsEngine } from './engine.js';

export { celJsEngine } from './engine.js';

/** An expression engine for those who have expressions that were written for the package `cel-js`. */
const plugin: Plugin = {
  name: 'cel-js',
  register: (registry) => registry.engine(celJsEngine()),
};

export default plugin;
