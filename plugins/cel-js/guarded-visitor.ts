import {
  type Budget,
  checkArguments,
  type FunctionLibrary,
  getKey,
  isList,
  isObject,
  type Json,
  KoreoError,
  type MutableJsonObject,
  type Scope,
  setKey,
  typeName,
} from '../../kernel/plugin.js';
import { Fault } from './fault.js';
import { Meter } from './meter.js';
import {
  CelVisitor,
  type Children,
  getCelType,
  getResult,
  type Node,
  nodesOf,
  offsetOf,
  size,
  type Token,
  tokensOf,
} from './parts.js';

/**
 * The evaluator of cel-js over one scope, with every way out of the scope closed, and work counted before it is done.
 * The operators, macros and literals are those of cel-js; members, mappings and calls are looked up here, since cel-js
 * would find what objects inherit.
 */
export class GuardedVisitor extends CelVisitor {
  readonly #meter: Meter;
  /** Where evaluation failed, innermost; forgotten by what absorbs a failure. */
  failedAt: number | undefined;
  /** A limit that was passed. cel-js would take it for a failure that `has` may absorb. */
  #limit: KoreoError | undefined;

  readonly #library: FunctionLibrary;
  readonly #budget: Budget;

  constructor(scope: Scope, library: FunctionLibrary, budget: Budget) {
    // Without a prototype, as macros bind their variables here, whatever their names.
    super(Object.assign(Object.create(null), scope));
    this.#library = library;
    this.#budget = budget;
    this.#meter = new Meter(budget);
  }

  override visit(node: Node | readonly Node[], param?: unknown): unknown {
    this.#meter.node();
    try {
      return super.visit(node, param);
    } catch (error) {
      if (error instanceof KoreoError) this.#limit = error;
      const [first] = [node].flat();
      if (first !== undefined) this.failedAt ??= offsetOf(first);
      throw error;
    }
  }

  override addition(children: Children): unknown {
    return this.#chain(children, 'AdditionOperator', (left, right) => this.#meter.adding(left, right));
  }

  override relation(children: Children): unknown {
    return this.#chain(children, 'ComparisonOperator', (left, right) => this.#meter.comparing(left, right));
  }

  /** Mappings are made here, so that `__proto__` is a key; that all values have one type is a rule of cel-js. */
  override mapExpression(children: Children): unknown {
    const mapping: MutableJsonObject = {};
    let type: string | undefined;
    for (const entry of nodesOf(children, 'keyValues')) {
      const [key, value] = this.visit(entry) as readonly [unknown, Json];
      const own = getCelType(value);
      type ??= own;
      if (typeof key !== 'string') throw new Fault('the keys of a mapping must be texts');
      this.#meter.key(key);
      if (own !== type)
        throw new Fault(`the values of a mapping must be of one type in cel-js, not ${type} and ${own}`);
      setKey(mapping, key, value);
    }
    const goesOn = 'identifierDotExpression' in children || 'identifierIndexExpression' in children;
    return goesOn ? this.getIndexSection(children, mapping) : mapping;
  }

  override macrosExpression(children: Children): unknown {
    const [identifier] = tokensOf(children, 'Identifier');
    const name = identifier?.image ?? '';
    if (name === 'has') return this.handleHasMacro(children);
    const args = [...nodesOf(children, 'arg'), ...nodesOf(children, 'args')].map((arg) => this.visit(arg) as Json);
    return this.#at(identifier, () => this.#call(name, args));
  }

  override handleHasMacro(children: Children): unknown {
    const found = super.handleHasMacro(children);
    if (this.#limit !== undefined) throw this.#limit;
    this.failedAt = undefined;
    if (found === false) this.#meter.absorbed();
    return found;
  }

  /** A member, or a macro over all items of what it is called on. */
  override identifierDotExpression(children: Children, owner: unknown): unknown {
    const [identifier] = tokensOf(children, 'Identifier');
    const name = identifier?.image ?? '';
    return this.#at(identifier, () => {
      if (!('OpenParenthesis' in children)) return memberOf(owner, name, `no such key \`${name}\``);
      this.#meter.listing(owner);
      return super.identifierDotExpression(children, owner);
    });
  }

  /** A name of the scope, or a member by a computed key, which is data and stays out of messages. */
  override getIdentifier(owner: unknown, key: unknown): unknown {
    if (owner !== this.context) return memberOf(owner, key, 'no such key or index');
    const value = getKey(this.context, String(key));
    if (value === undefined) throw new Fault(`undeclared name \`${key}\``);
    return value;
  }

  #call(name: string, args: readonly Json[]): unknown {
    const definition = this.#library.get(name);
    this.#meter.node();
    if (definition !== undefined) {
      checkArguments(definition, args);
      return definition.call(args, this.#budget);
    }
    this.#meter.listing(args[0]);
    return size(args[0]);
  }

  #chain(children: Children, operators: string, pay: (left: unknown, right: unknown) => void): unknown {
    if (children.rhs === undefined) return this.visit(nodesOf(children, 'lhs'));
    let left = this.visit(nodesOf(children, 'lhs'));
    const signs = tokensOf(children, operators);
    for (const [index, node] of nodesOf(children, 'rhs').entries()) {
      const right = this.visit(node);
      const sign = signs[index];
      pay(left, right);
      if (sign !== undefined) left = this.#at(sign, () => getResult(sign, left, right));
    }
    return left;
  }

  /** Tells where the work stands in the source, should it fail. */
  #at<T>(token: Token | undefined, work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.failedAt ??= token?.startOffset;
      throw error;
    }
  }
}

/** An own member; nothing that objects and lists inherit, and no `length`. */
function memberOf(owner: unknown, key: unknown, missing: string): unknown {
  const value = ownMember(owner as Json, key);
  if (value !== undefined) return value;
  const isOwner = isObject(owner) || isList(owner as Json);
  throw new Fault(isOwner ? missing : `${typeName(owner as Json)} has no members`);
}

function ownMember(owner: Json, key: unknown): Json | undefined {
  if (isList(owner)) return typeof key === 'number' ? owner[key] : undefined;
  return isObject(owner) && typeof key === 'string' ? getKey(owner, key) : undefined;
}
