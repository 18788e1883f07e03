import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { parse } from 'cel-js';

/** A node of the tree that cel-js parses a source into: a rule of its grammar, and what that rule found. */
export type Node = Extract<ReturnType<typeof parse>, { isSuccess: true }>['cst'];
/** What a rule found, by label. */
export type Children = Node['children'];
/** A word of the source, with its place. */
export type Token = Exclude<Children[string][number], Node>;

/** The evaluator of cel-js: a method for each rule of the grammar. Those that are named here are guarded by a subclass. */
export interface Visitor {
  readonly context: Record<string, unknown>;
  visit(node: Node | readonly Node[], param?: unknown): unknown;
  addition(children: Children): unknown;
  relation(children: Children): unknown;
  mapExpression(children: Children): unknown;
  macrosExpression(children: Children): unknown;
  identifierDotExpression(children: Children, owner: unknown): unknown;
  getIndexSection(children: Children, owner: unknown): unknown;
  getIdentifier(owner: unknown, key: unknown): unknown;
  handleHasMacro(children: Children): unknown;
}

interface Parser {
  input: readonly Token[];
  readonly errors: readonly { readonly message: string; readonly token: Token; readonly previousToken?: Token }[];
  expr(): Node;
}

interface Lexer {
  tokenize(source: string): {
    readonly tokens: readonly Token[];
    readonly errors: readonly { readonly offset: number }[];
  };
}

interface Parts {
  readonly CelVisitor: new (context: Record<string, unknown>) => Visitor;
  readonly CelParser: new () => Parser;
  readonly CELLexer: Lexer;
  readonly reservedIdentifiers: readonly string[];
  getResult(operator: Token, left: unknown, right: unknown): unknown;
  getCelType(value: unknown): string;
  size(value: unknown): number;
}

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('cel-js'));

/**
 * The parts behind the entrance of cel-js, which keeps the places of errors, and the evaluator's methods, to itself. The
 * package is pinned to one version because of this; a test says so when these are no longer there. They are required, so
 * that the plug-in can be loaded when its language is first compiled, which does not wait.
 */
const parts = ['visitor.js', 'parser.js', 'tokens.js', 'helper.js'].map(
  (file) => require(join(folder, file)) as Partial<Parts>,
);

export const { CelVisitor, CelParser, CELLexer, reservedIdentifiers, getResult, getCelType, size } = Object.assign(
  {},
  ...parts,
) as Parts;

/** The nodes under a label; none where the rule found none. */
export function nodesOf(children: Children, label: string): readonly Node[] {
  return (children[label] ?? []).filter((child): child is Node => 'children' in child);
}

/** The tokens under a label; none where the rule found none. */
export function tokensOf(children: Children, label: string): readonly Token[] {
  return (children[label] ?? []).filter((child): child is Token => !('children' in child));
}

/** Where in the source a node begins. */
export function offsetOf(node: Node): number {
  let first = Number.POSITIVE_INFINITY;
  for (const child of Object.values(node.children).flat()) {
    first = Math.min(first, 'children' in child ? offsetOf(child) : child.startOffset);
  }
  return first;
}
