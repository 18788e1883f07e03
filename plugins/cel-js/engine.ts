import {
  DEFAULT_DOCUMENT_LIMITS,
  type ExpressionEngine,
  type FunctionLibrary,
  type SourceLimits,
} from '../../kernel/plugin.js';
import { CallCheck } from './calls.js';
import { compact } from './compact.js';
import { Outliner } from './outline.js';
import { CelJsProgram } from './program.js';
import { scopePaths } from './reads.js';
import { faultAt, Syntax } from './syntax.js';

/** The engine for the language `cel-js`, the dialect of CEL that the package of that name has. Limits default to the kernel's. */
export function celJsEngine(limits: Partial<SourceLimits> = {}): ExpressionEngine {
  return new CelJsEngine({ ...DEFAULT_DOCUMENT_LIMITS, ...limits });
}

/** Compiles the dialect of cel-js. It may be shared. */
class CelJsEngine implements ExpressionEngine {
  readonly language = 'cel-js';
  readonly #syntax = new Syntax();

  constructor(private readonly limits: SourceLimits) {}

  /** @throws ExpressionSyntaxError with the place in the source, for unknown functions and methods too */
  compile(source: string, library: FunctionLibrary, limits: SourceLimits = this.limits): CelJsProgram {
    const tree = this.#syntax.parse(source, limits);
    const fault = (offset: number, message: string) => faultAt(source, offset, message);
    const outline = new Outliner(fault).of(tree);
    new CallCheck(library, fault).visit(outline);
    return new CelJsProgram(source, scopePaths(outline), compact(tree), library);
  }
}
