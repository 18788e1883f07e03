import type { ExpressionEngine, Program, SourceLimits } from '../contracts/expression-engine.js';
import type { FunctionLibrary } from '../contracts/function-library.js';
import type { ProgramCache } from './prepare-context.js';

/** How many programs are kept when nobody says so. */
export const DEFAULT_COMPILED_EXPRESSIONS = 10_000;

/** Keeps the programs that were compiled or asked for last, up to a number of them. */
export class LruProgramCache implements ProgramCache {
  readonly #programs = new Map<string, Program>();
  readonly #limits: SourceLimits;
  readonly #capacity: number;

  /** @param capacity the number of programs kept */
  constructor(limits: SourceLimits, capacity = DEFAULT_COMPILED_EXPRESSIONS) {
    this.#limits = limits;
    this.#capacity = capacity;
  }

  compile(engine: ExpressionEngine, source: string, library: FunctionLibrary): Program {
    const key = `${engine.language}\n${source}`;
    const program = this.#programs.get(key) ?? engine.compile(source, library, this.#limits);
    // Maps keep the order of insertion: the first key is the one that was used longest ago.
    this.#programs.delete(key);
    this.#programs.set(key, program);
    for (const oldest of this.#programs.keys()) {
      if (this.#programs.size <= this.#capacity) break;
      this.#programs.delete(oldest);
    }
    return program;
  }
}
