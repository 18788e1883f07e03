import {
  DEFAULT_DOCUMENT_LIMITS,
  type ExpressionEngine,
  ExpressionSyntaxError,
  type FunctionLibrary,
  positionAt,
  type SourceLimits,
} from '../../kernel/plugin.js';
import { Compiler } from './compile/compiler.js';
import { Fault } from './fault.js';
import { standardFunctions } from './functions/standard-functions.js';
import { CelProgram } from './program.js';
import { scopePaths } from './reads.js';
import { parse } from './syntax/parser.js';

/** The engine for the language `cel`. Limits on sources default to the kernel's. */
export function celEngine(limits: Partial<SourceLimits> = {}): CelEngine {
  return new CelEngine({ ...DEFAULT_DOCUMENT_LIMITS, ...limits });
}

/** Compiles CEL. An engine keeps nothing but its functions and may be shared. */
export class CelEngine implements ExpressionEngine {
  readonly language = 'cel';
  readonly #standard = standardFunctions();

  constructor(private readonly limits: SourceLimits) {}

  /** @throws ExpressionSyntaxError with the place in the source, for unknown functions and bad patterns too */
  compile(source: string, library: FunctionLibrary, limits: SourceLimits = this.limits): CelProgram {
    const tree = parse(source, limits);
    try {
      const root = new Compiler({ library, standard: this.#standard }).compile(tree);
      return new CelProgram(source, scopePaths(tree), root);
    } catch (error) {
      if (error instanceof Fault) throw new ExpressionSyntaxError(error.message, positionAt(source, error.at ?? 0));
      throw error;
    }
  }
}
