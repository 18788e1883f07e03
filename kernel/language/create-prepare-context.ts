import type { ExpressionEngine } from '../contracts/expression-engine.js';
import type { FunctionLibrary } from '../contracts/function-library.js';
import { DEFAULT_DOCUMENT_LIMITS, type DocumentLimits, type PrepareContext } from './prepare-context.js';
import { LruProgramCache } from './program-cache.js';

/** What {@link createPrepareContext} is told; all but the engines has a default. */
export interface PrepareContextOptions {
  readonly engines: readonly ExpressionEngine[];
  /** The first engine's language, when absent. */
  readonly defaultLanguage?: string;
  readonly library?: FunctionLibrary;
  readonly limits?: DocumentLimits;
  /** How many compiled programs are kept for reuse. */
  readonly programs?: number;
}

/** Makes what preparing needs, for the life of a kernel. */
export function createPrepareContext(options: PrepareContextOptions): PrepareContext {
  const { engines, library = new Map(), limits = DEFAULT_DOCUMENT_LIMITS, programs } = options;
  return {
    engines: new Map(engines.map((engine) => [engine.language, engine])),
    defaultLanguage: options.defaultLanguage ?? engines[0]?.language ?? '',
    library,
    programs: new LruProgramCache(limits, programs),
    limits,
  };
}
