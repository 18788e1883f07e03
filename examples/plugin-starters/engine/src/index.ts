import { definePlugin } from 'koreo-kernel/plugin';
import { textEngine } from './engine.js';

/** Brings the expression language `text`. */
export default definePlugin({
  name: 'starter-engine',
  apiVersion: 'v1',
  register: (registry) => registry.engine(textEngine),
});
