import type { Plugin } from '../kernel/index.js';
import cel from '../plugins/cel/index.js';

/** The plug-ins that every command has without asking. */
export const builtInPlugins: readonly Plugin[] = [cel];
