import type { Plugin } from '../kernel/plugin.js';
import cel from '../plugins/cel/index.js';
import { lazyEngine } from './lazy-engine.js';

/**
 * The expression languages that are always there, the default one first; apart from the stores, so that an expression alone
 * loads nothing else. One that is not the default is a {@link lazyEngine}.
 */
export const enginePlugins: readonly Plugin[] = [
  cel,
  lazyEngine({ language: 'cel-js', module: '../plugins/cel-js/index.js' }),
  lazyEngine({ language: 'jsonata', module: '../plugins/jsonata/index.js' }),
];
