import { type ExpressionEngine, ExpressionSyntaxError, type Program } from '../contracts/expression-engine.js';
import { errorMessage } from '../model/errors.js';
import { getAt, type JsonObject } from '../model/json.js';
import type { Origin, SourceLocation } from '../model/location.js';
import { annotations } from '../model/names.js';
import type { Path } from '../model/path.js';
import type { Problem } from '../model/problem.js';
import { CompiledExpression, type ExpressionPlace, locateInside } from './compiled-expression.js';
import { expressionText } from './expression-text.js';
import type { PrepareContext } from './prepare-context.js';

/** The names that an expression may read at some place. */
export interface Names {
  readonly inScope: readonly string[];
  /** The locals that there are, where `locals` is in scope. */
  readonly locals?: ReadonlySet<string>;
}

/** Which definition is prepared, and where it came from. */
export interface Subject {
  /** As `Kind namespace/name`. */
  readonly name: string;
  readonly store: string;
  readonly origin?: Origin | undefined;
}

/** The preparation of one definition: its language, and everything that is found to be wrong with it or read by it. */
export class Preparation {
  readonly language: string;
  readonly problems: Problem[] = [];
  /** Names that are out of scope: what reads them fails when it is evaluated, and only then. */
  readonly warnings: Problem[] = [];
  readonly #inputs = new Set<string>();
  readonly #testedInputs = new Set<string>();
  readonly #context: PrepareContext;
  readonly #subject: Subject;
  readonly #engine: ExpressionEngine | undefined;

  constructor(context: PrepareContext, subject: Subject, metadata: JsonObject) {
    this.#context = context;
    this.#subject = subject;
    const chosen = chosenLanguage(metadata);
    this.language = chosen ?? context.defaultLanguage;
    this.#engine = context.engines.get(this.language);
    if (this.#engine === undefined) this.#reportUnknownLanguage(chosen);
  }

  /** The names under `inputs` that the expressions compiled so far need; those that one of them tests for are optional. */
  get inputNames(): readonly string[] {
    return [...this.#inputs].filter((name) => !this.#testedInputs.has(name)).sort();
  }

  get store(): string {
    return this.#subject.store;
  }

  locate(path: Path): SourceLocation {
    const { origin } = this.#subject;
    if (origin?.file === undefined) return { path };
    return { path, file: origin.file, ...origin.locate?.(path) };
  }

  /** Records a problem with the value at the path. */
  report(code: string, message: string, path: Path): void {
    this.#record(code, message, this.locate(path));
  }

  /** Records a problem with the key at the path. */
  reportKey(code: string, message: string, path: Path): void {
    this.#record(code, message, { ...this.locate(path), ...this.#subject.origin?.locateKey?.(path) });
  }

  /** Compiles a string value that is an expression; undefined when it is a constant, or has a problem (then recorded). */
  compile(value: string, path: Path, names: Names): CompiledExpression | undefined {
    const text = expressionText(value);
    if (text === undefined || this.#engine === undefined) return undefined;
    const { origin } = this.#subject;
    const place: ExpressionPlace = { location: this.locate(path), origin, start: text.start };
    const program = this.#program(this.#engine, text.source, place);
    if (program === undefined) return undefined;
    this.#checkReads(program, names, place.location);
    this.#noteInputs(program);
    return new CompiledExpression(program, place);
  }

  #program(engine: ExpressionEngine, source: string, place: ExpressionPlace): Program | undefined {
    const { limits, library, programs } = this.#context;
    if (source.length > limits.expressionCharacters) {
      const limit = `${limits.expressionCharacters} characters (limits.expressionCharacters)`;
      this.#record('expression-limit', `the expression is longer than the limit of ${limit}`, place.location);
      return undefined;
    }
    try {
      return programs.compile(engine, source, library);
    } catch (error) {
      const where = error instanceof ExpressionSyntaxError ? locateInside(place, error.position) : place.location;
      this.#record('expression-syntax', errorMessage(error), where);
      return undefined;
    }
  }

  #checkReads(program: Program, names: Names, location: SourceLocation): void {
    const roots = new Set(program.reads.map(([root]) => String(root)));
    for (const root of roots) {
      if (!names.inScope.includes(root)) this.#warn(outOfScope(root, names.inScope), location);
    }
    if (!names.inScope.includes('locals')) return;
    const tested = new Set((program.tests ?? []).map((path) => JSON.stringify(path)));
    for (const local of secondSegments(program.reads, 'locals')) {
      if (names.locals?.has(local) || tested.has(JSON.stringify(['locals', local]))) continue;
      this.#warn(`there is no local '${local}'; ${listLocals(names.locals)}`, location);
    }
  }

  #noteInputs(program: Program): void {
    for (const name of secondSegments(program.reads, 'inputs')) this.#inputs.add(name);
    for (const [root, name, ...rest] of program.tests ?? []) {
      if (root === 'inputs' && typeof name === 'string' && rest.length === 0) this.#testedInputs.add(name);
    }
  }

  #reportUnknownLanguage(chosen: string | undefined): void {
    const known = [...this.#context.engines.keys()].sort().join(', ') || 'none';
    const message = `there is no expression language '${this.language}'; there are: ${known}`;
    if (chosen === undefined) this.report('unknown-language', `${message} (language in the configuration)`, []);
    else this.report('unknown-language', message, ['metadata', 'annotations', annotations.expressionLanguage]);
  }

  #warn(message: string, location: SourceLocation): void {
    this.warnings.push(this.#problem('unknown-name', message, location));
  }

  #record(code: string, message: string, location: SourceLocation): void {
    this.problems.push(this.#problem(code, message, location));
  }

  #problem(code: string, message: string, location: SourceLocation): Problem {
    return { code, message, subject: this.#subject.name, store: this.#subject.store, location };
  }
}

/** The names that reads mention right under a root: `a` and `b` of `inputs.a.x` and `inputs["b"]`. */
export function secondSegments(reads: readonly Path[], root: string): ReadonlySet<string> {
  return new Set(reads.flatMap((path) => (path[0] === root && typeof path[1] === 'string' ? [path[1]] : [])));
}

function chosenLanguage(metadata: JsonObject): string | undefined {
  const language = getAt(metadata, ['annotations', annotations.expressionLanguage]);
  return typeof language === 'string' ? language : undefined;
}

function outOfScope(name: string, inScope: readonly string[]): string {
  const names = inScope.length === 0 ? 'nothing is' : `in scope: ${inScope.join(', ')}`;
  return `'${name}' is not in scope here; ${names}`;
}

function listLocals(locals: ReadonlySet<string> | undefined): string {
  return locals === undefined || locals.size === 0 ? 'there are none' : `there are: ${[...locals].join(', ')}`;
}
