import type { Plugin } from '../kernel/plugin.js';
import cel from '../plugins/cel/index.js';

/** The expression languages that are always there; apart from the stores, so that an expression alone loads nothing else. */
export const enginePlugins: readonly Plugin[] = [cel];
