import jsonata from 'jsonata';
import {
  DEFAULT_DOCUMENT_LIMITS,
  type ExpressionEngine,
  ExpressionSyntaxError,
  type FunctionLibrary,
  positionAt,
  type SourceLimits,
} from '../../kernel/plugin.js';
import { EVALUATION, type Evaluation } from './evaluation/evaluation.js';
import { afterNode, beforeNode } from './evaluation/guards.js';
import { AFTER_NODE, BEFORE_NODE } from './evaluation/hooks.js';
import { Fault } from './fault.js';
import { FunctionTable } from './functions/function-table.js';
import { LinearRegExp } from './functions/linear-reg-exp.js';
import { isLibraryFailure, type LibraryFailure, messageOf } from './messages.js';
import { plainPathOf } from './plain-path.js';
import { JsonataProgram } from './program.js';
import type { Node } from './syntax/node.js';
import { prepareTree } from './syntax/prepare-tree.js';
import { scopePaths } from './syntax/scope-paths.js';
import { scanSource } from './syntax/source-scan.js';
import { namesIn } from './syntax/variable-names.js';

/** Bounds of JSONata's own, behind those of the budget, which an evaluation meets first. */
const BOUNDS = {
  /** Milliseconds that one evaluation may take, others at the same time included. */
  timeout: 60_000,
  /** Nodes that are being evaluated at once: functions inside of one another, and the parts of a list. */
  stack: 11_000,
  /** Items of a list, whatever the limits of the deployment. */
  sequence: 1_000_000,
};

/** The engine for the language `jsonata`. Limits on sources default to the kernel's. */
export function jsonataEngine(limits: Partial<SourceLimits> = {}): JsonataEngine {
  return new JsonataEngine({ ...DEFAULT_DOCUMENT_LIMITS, ...limits });
}

/** Compiles JSONata. An engine keeps nothing but its functions and may be shared. */
export class JsonataEngine implements ExpressionEngine {
  readonly language = 'jsonata';
  readonly #tables = new WeakMap<FunctionLibrary, FunctionTable>();

  constructor(private readonly limits: SourceLimits) {}

  /** @throws ExpressionSyntaxError with the place in the source, for unknown variables and functions and bad patterns too */
  compile(source: string, library: FunctionLibrary, limits: SourceLimits = this.limits): JsonataProgram {
    scanSource(source, limits);
    const functions = this.#functions(library);
    try {
      const expression = jsonata(source, { ...BOUNDS, RegexEngine: LinearRegExp as unknown as RegExpConstructor });
      const tree = expression.ast() as unknown as Node;
      const paths = scopePaths(tree, source, functions);
      const plainPath = plainPathOf(tree);
      prepareTree(tree, (name) => functions.has(name));
      for (const name of namesIn(tree)) {
        const definition = functions.definitions.get(name);
        if (definition !== undefined) expression.assign(name, definition);
      }
      expression.assign(BEFORE_NODE, before);
      expression.assign(AFTER_NODE, after);
      return new JsonataProgram(source, paths, expression, tree, plainPath);
    } catch (error) {
      throw syntaxError(source, error);
    }
  }

  #functions(library: FunctionLibrary): FunctionTable {
    const table = this.#tables.get(library) ?? new FunctionTable(library);
    this.#tables.set(library, table);
    return table;
  }
}

interface Environment {
  readonly base: { lookup(name: string): unknown };
}

function before(node: Node, input: unknown, environment: Environment): Promise<void> | undefined {
  return beforeNode(node, input, environment.base.lookup(EVALUATION) as Evaluation);
}

function after(node: Node, input: unknown, environment: Environment, result: unknown): void {
  afterNode(node, input, environment.base.lookup(EVALUATION) as Evaluation, result);
}

function syntaxError(source: string, error: unknown): unknown {
  if (error instanceof Fault)
    return new ExpressionSyntaxError(error.message, positionAt(source, (error.position ?? 1) - 1));
  if (isLibraryFailure(error))
    return new ExpressionSyntaxError(messageOf(error), positionAt(source, startOfFailure(source, error)));
  if (error instanceof SyntaxError) return new ExpressionSyntaxError('the regular expression does not parse');
  if (error instanceof RangeError) return new ExpressionSyntaxError('the expression is nested too deeply');
  return error;
}

/** JSONata tells where the token ends that it stumbled over. */
function startOfFailure(source: string, { code, position = 1, token }: LibraryFailure): number {
  if (code === 'S0203' || code === 'S0207') return source.length;
  const text = String(token);
  return source.endsWith(text, position) && text !== '' ? position - text.length : Math.max(0, position - 1);
}
