import { Fault } from '../fault.js';
import { type ListPlan, LONG_LIST } from '../functions/long-list.js';
import { matcherOf } from '../functions/matcher.js';
import { OPERATORS } from '../functions/operators.js';
import { childrenOf, isPairs, type Node, type Role, type Signature } from './node.js';

/**
 * Changes a tree, once and before anything is evaluated, so that JSONata's evaluator never does what it could not be
 * stopped from: unbounded operators become calls of functions that count, regular expressions become matchers of RE2, and
 * nodes get the roles that the guards look for. @throws Fault for regular expressions that RE2 does not know
 */
export function prepareTree(root: Node, isOwnFunction: (name: string) => boolean): void {
  const uncopied: Uncopied = { patterns: new Map(), signatures: new Map() };
  collect(root, uncopied);
  new Preparation(isOwnFunction, uncopied).prepare(root);
}

class Preparation {
  readonly #done = new Set<Node>();

  constructor(
    private readonly isOwnFunction: (name: string) => boolean,
    private readonly uncopied: Uncopied,
  ) {}

  prepare(node: Node): void {
    if (this.#done.has(node)) return;
    this.#done.add(node);
    for (const child of childrenOf(node)) this.prepare(child);
    giveRoles(node);
    const signature = this.uncopied.signatures.get(node.position);
    if (node.type === 'lambda' && node.signature !== undefined && signature !== undefined) node.signature = signature;
    if (node.body !== undefined) node.body = this.#withoutThunk(node.body);
    const isOwn = isTupleStream(node);
    if (node.type === 'path' && node.keepSingletonArray && !isOwn) {
      node.keepSingletonArray = false;
      moveInside(node, OPERATORS.keepList, ['group']);
    }
    if (node.group !== undefined && !isOwn) moveInside(node, OPERATORS.ownList, ['group']);
    else if (node.type === 'regex') this.#matcher(node);
    else replaceOperator(node);
  }

  #matcher(node: Node): void {
    const pattern = this.uncopied.patterns.get(node.position);
    if (pattern === undefined) throw new Fault('the regular expression cannot stand here', node);
    try {
      node.value = matcherOf(pattern);
    } catch (error) {
      if (error instanceof Fault) error.position = node.position;
      throw error;
    }
    node.type = 'value';
  }

  /** Calls of functions that return need no loop, and JSONata gives them functions that they could not call. */
  #withoutThunk(body: Node): Node {
    const call = body.thunk ? body.body : undefined;
    if (call?.procedure?.type === 'variable' && this.isOwnFunction(String(call.procedure.value))) return call;
    for (const branch of ['then', 'else'] as const) {
      const inner = body.type === 'condition' ? body[branch] : undefined;
      if (inner !== undefined) body[branch] = this.#withoutThunk(inner);
    }
    const last = body.type === 'block' ? body.expressions?.at(-1) : undefined;
    if (last !== undefined) body.expressions?.splice(-1, 1, this.#withoutThunk(last));
    return body;
  }
}

/** Lists of more items are put together by us. */
const LONGEST_LIST = 32;

/** What JSONata loses where it copies a part of the tree as JSON, by where it ends: regular expressions, and what checks arguments. */
interface Uncopied {
  readonly patterns: Map<number | undefined, RegExp>;
  readonly signatures: Map<number | undefined, Signature>;
}

function collect(node: Node, into: Uncopied): void {
  if (node.value instanceof RegExp) into.patterns.set(node.position, node.value);
  if (node.signature?.validate !== undefined) into.signatures.set(node.position, node.signature);
  for (const child of childrenOf(node)) collect(child, into);
}

function replaceOperator(node: Node): void {
  if (node.type === 'wildcard') becomeCall(node, OPERATORS.children, [{ type: 'variable', value: '' }]);
  if (node.type === 'descendant') becomeCall(node, OPERATORS.descendants, [{ type: 'variable', value: '' }]);
  const { expressions = [] } = node;
  if (node.type === 'unary' && node.value === '[' && expressions.length > LONGEST_LIST) {
    const literal = expressions.map(({ value }) => value === '[');
    const plan: ListPlan = { literal, whole: node.consarray === true };
    becomeCall(node, LONG_LIST, [{ type: 'value', value: plan }, ...expressions]);
    delete node.expressions;
  }
  if (node.type !== 'binary' || isPairs(node.lhs) || node.lhs === undefined || node.rhs === undefined) return;
  const operator = BINARY[String(node.value)];
  if (operator === undefined) return;
  becomeCall(node, operator, [node.lhs, node.rhs]);
  delete node.lhs;
  delete node.rhs;
}

const BINARY: Readonly<Record<string, string>> = {
  '&': OPERATORS.concatenate,
  '=': OPERATORS.equals,
  '!=': OPERATORS.differs,
};

/** Makes the node a call of a function, in place, as others hold on to it. */
function becomeCall(node: Node, name: string, args: Node[]): void {
  node.type = 'function';
  node.procedure = {
    type: 'variable',
    value: name,
    ...(node.position === undefined ? {} : { position: node.position }),
  };
  node.arguments = args;
}

/** Makes the node a call with all that it was as the argument, but for what is to come after. */
function moveInside(node: Node, name: string, after: readonly 'group'[]): void {
  const inner: Node = { ...node };
  for (const key of after) delete inner[key];
  for (const key of Object.keys(node) as (keyof Node)[]) {
    if (key !== 'position' && key !== 'role' && !(after as readonly string[]).includes(key)) delete node[key];
  }
  delete inner.role;
  // What works on the list must get it, even when it holds one item.
  inner.keepArray = true;
  becomeCall(node, name, [inner]);
}

/** Whether JSONata evaluates the path by tuples of variables, in lists of its own. */
function isTupleStream(node: Node): boolean {
  return node.type === 'path' && (node.tuple === true || (node.steps ?? []).some((step) => step.tuple));
}

function giveRoles(node: Node): void {
  const give = (role: Role, ...nodes: readonly (Node | undefined)[]): void => {
    for (const given of nodes) if (given !== undefined) given.role = role;
  };
  if (node.type === 'function' || node.type === 'partial') {
    give('procedure', node.procedure);
    give('argument', ...(node.arguments ?? []));
    for (const argument of node.arguments ?? []) argument.call = node;
  }
  // What is called with `~>` is evaluated as a part of that.
  if (node.type === 'apply') for (const argument of node.rhs?.arguments ?? []) argument.call = node;
  give('pattern', node.pattern);
  give('update', node.update);
  give('sort-term', ...(node.terms ?? []).map(({ expression }) => expression));
  give(isTupleStream(node) ? 'tuple-group-key' : 'group-key', ...(node.group?.lhs ?? []).map(([key]) => key));
}
