/**
 * A node of JSONata's syntax tree as its parser leaves it: what this plug-in looks at, or changes before the first
 * evaluation. Offsets in it are those of where a token ends.
 */
export interface Node {
  type: string;
  value?: unknown;
  position?: number;
  steps?: Node[];
  expressions?: Node[];
  arguments?: Node[];
  procedure?: Node;
  body?: Node;
  /** A call in tail position, which the evaluator runs in a loop instead of inside of the caller. */
  thunk?: boolean;
  signature?: Signature;
  condition?: Node;
  then?: Node;
  else?: Node;
  pattern?: Node;
  update?: Node;
  delete?: Node;
  expression?: Node;
  lhs?: Node | Pair[];
  rhs?: Node;
  terms?: SortTerm[];
  predicate?: Stage[];
  stages?: Stage[];
  group?: Group;
  /** The variable of `@$name` and of `#$name`. */
  focus?: string;
  index?: string;
  /** Where `%` of this or a later part leads: what this step is applied to. */
  ancestor?: Slot;
  slot?: Slot;
  tuple?: boolean;
  keepSingletonArray?: boolean;
  /** Set when a sequence of one item is not to be unwrapped. */
  keepArray?: boolean;
  /** A list that is written out, and that a path does not take apart. */
  consarray?: boolean;
  /** The call that the node is an argument of; set by `prepareTree`, as is the role. */
  call?: Node;
  /** What the guards of evaluation have to look at. */
  role?: Role;
}

export type Pair = [key: Node, value: Node];

export interface Group {
  lhs: Pair[];
  position?: number;
}

export interface Stage {
  type: 'filter' | 'index';
  expr?: Node;
  value?: string;
}

export interface SortTerm {
  descending: boolean;
  expression: Node;
}

/** The types of a function's parameters; a copy of one has lost what checks them. */
export interface Signature {
  readonly validate?: unknown;
}

export interface Slot {
  label: string;
}

/** What a node is to the node around it, where that matters to the guards. */
export type Role = 'argument' | 'procedure' | 'pattern' | 'update' | 'sort-term' | 'group-key' | 'tuple-group-key';

/** Whether the left side is the pairs of an object. */
export function isPairs(side: Node | Pair[] | undefined): side is Pair[] {
  return Array.isArray(side);
}

/** The nodes right inside of a node, in the order of the source as far as the tree keeps it. */
export function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  const add = (child: Node | undefined): void => {
    if (child !== undefined) children.push(child);
  };
  // Trees are walked several times before an expression can run, and most nodes have few of these parts.
  add(node.procedure);
  add(node.condition);
  add(node.then);
  add(node.else);
  if (isPairs(node.lhs)) node.lhs.forEach((pair) => void pair.forEach(add));
  else add(node.lhs);
  add(node.rhs);
  add(node.expression);
  add(node.pattern);
  add(node.update);
  add(node.delete);
  for (const list of [node.steps, node.expressions, node.arguments]) list?.forEach(add);
  node.terms?.forEach((term) => void add(term.expression));
  node.predicate?.forEach((stage) => void add(stage.expr));
  node.stages?.forEach((stage) => void add(stage.expr));
  node.group?.lhs.forEach((pair) => void pair.forEach(add));
  add(node.body);
  return children;
}

/** Where the node begins in the source. */
export function startOf(node: Node, source: string): number {
  const end = node.position ?? 0;
  switch (node.type) {
    case 'name':
      return source[end - 1] === '`' ? end - String(node.value).length - 2 : end - String(node.value).length;
    case 'variable':
      return end - String(node.value).length - 1;
    case 'path':
      return node.steps?.[0] === undefined ? end : startOf(node.steps[0], source);
    case 'function':
    case 'partial':
      return node.procedure?.position === undefined ? Math.max(0, end - 1) : startOf(node.procedure, source);
    case 'lambda':
      return node.thunk && node.body !== undefined ? startOf(node.body, source) : Math.max(0, end - 1);
    case 'condition':
      return node.condition === undefined ? end : startOf(node.condition, source);
    case 'block':
    case 'unary':
      return Math.max(0, end - 1);
    case 'binary':
    case 'apply':
    case 'bind':
      return Math.max(0, end - String(node.value).length);
    default:
      return Math.max(0, end - (typeof node.value === 'string' && node.type !== 'string' ? node.value.length : 1));
  }
}
