import { definePlugin } from '../../kernel/plugin.js';
import { celEngine } from './engine.js';

export { celEngine } from './engine.js';

/** The default expression engine: the Common Expression Language. */
const plugin = definePlugin({
  name: 'cel',
  apiVersion: 'v1',
  register: (registry) => registry.engine(celEngine()),
});

export default plugin;
