import { type ExpressionEngine, getAt, type Json } from 'koreo-kernel';

/** A language of its own for tests: an expression is a path of names, and every answer takes a turn of the event loop. */
export function laterEngine(): ExpressionEngine {
  return {
    language: 'later',
    compile: (source) => {
      const path = source.split('.');
      return {
        source,
        reads: [path],
        evaluate: async (scope): Promise<Json> => {
          await Promise.resolve();
          return getAt(scope as Json, path) ?? null;
        },
      };
    },
  };
}
