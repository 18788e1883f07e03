import { createRequire } from 'node:module';
import {
  definePlugin,
  type ExpressionEngine,
  type Plugin,
  type RecordedPlugin,
  recordPlugin,
} from '../kernel/plugin.js';

const require = createRequire(import.meta.url);

/** A built-in language that is not loaded before something is written in it. */
export interface LazyEngine {
  /** The name of the plug-in, and of its language. */
  readonly language: string;
  /** The plug-in's module, relative to this folder: `../plugins/jsonata/index.js`. */
  readonly module: string;
}

/**
 * A plug-in that stands for another one, and loads it when its language is compiled for the first time: a definition may choose
 * a language at any time, and compiling does not wait. The other one gets no options, and is not started; it is stopped.
 */
export function lazyEngine({ language, module }: LazyEngine): Plugin {
  return definePlugin({
    name: language,
    apiVersion: 'v1',
    register(registry, context) {
      let loaded: RecordedPlugin | undefined;
      const engine = (): ExpressionEngine => {
        loaded ??= recordPlugin((require(module) as { readonly default: Plugin }).default, context);
        const [found] = loaded.engine;
        if (found === undefined) throw new TypeError(`${module} brings no engine`);
        return found;
      };
      registry.engine({ language, compile: (...source) => engine().compile(...source) });
      registry.lifecycle({
        stop: async (call) => {
          for (const { stop } of (loaded?.lifecycle ?? []).toReversed()) await stop?.(call);
        },
      });
    },
  });
}
