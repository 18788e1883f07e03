import type { ExpressionEngine } from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';

/** CEL under the name `later`, whose every value is a promise: for holding that whatever works at once works later too. */
export function laterEngine(): ExpressionEngine {
  const cel = celEngine();
  return {
    language: 'later',
    compile: (source, library) => {
      const program = cel.compile(source, library);
      return {
        ...program,
        source,
        reads: program.reads,
        evaluate: async (scope, budget) => program.evaluate(scope, budget),
      };
    },
  };
}

/** The annotation by which a definition asks for the `later` engine. */
export const LATER = 'annotations: {koreo.dev/expression-language: later}';
