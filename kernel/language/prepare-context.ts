import type { ExpressionEngine, Program, SourceLimits } from '../contracts/expression-engine.js';
import type { FunctionLibrary } from '../contracts/function-library.js';
import type { ReadLimits } from '../contracts/store-type.js';

/** What preparing needs from the deployment. One for the life of a kernel. */
export interface PrepareContext {
  readonly engines: ReadonlyMap<string, ExpressionEngine>;
  readonly defaultLanguage: string;
  readonly library: FunctionLibrary;
  readonly programs: ProgramCache;
  readonly limits: DocumentLimits;
}

/** Compiled programs by language and source; equal sources share one program. Bounded. */
export interface ProgramCache {
  /** @throws ExpressionSyntaxError; failures are not kept */
  compile(engine: ExpressionEngine, source: string, library: FunctionLibrary): Program;
}

/** Limits on what is read; see `limits` in the configuration. */
export interface DocumentLimits extends ReadLimits, SourceLimits {}

export const DEFAULT_DOCUMENT_LIMITS: DocumentLimits = {
  documentBytes: 3 * 1024 * 1024,
  documentDepth: 100,
  documentAliases: 1000,
  expressionCharacters: 20_000,
  expressionNesting: 200,
};
