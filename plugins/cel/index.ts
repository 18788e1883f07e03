import type { Plugin } from '../../kernel/plugin.js';
import { celEngine } from './engine.js';

export { celEngine } from './engine.js';

/** The default expression engine: the Common Expression Language. */
const plugin: Plugin = {
  name: 'cel',
  register: (registry) => registry.engine(celEngine()),
};

export default plugin;
