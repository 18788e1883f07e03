import type { ExpressionSyntaxError } from '../../kernel/plugin.js';
import { type Children, type Node, nodesOf, offsetOf, reservedIdentifiers, type Token, tokensOf } from './parts.js';

/** What an expression is made of, as far as it matters for what it reads and calls. */
export type Outline =
  | { readonly kind: 'constant'; readonly value?: string | number }
  | { readonly kind: 'path'; readonly root: Root; readonly steps: readonly Step[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Outline[]; readonly at: number }
  | { readonly kind: 'conditional'; readonly condition: Outline; readonly branches: readonly Outline[] }
  /** Operands, items, entries: any of them may be evaluated. */
  | { readonly kind: 'parts'; readonly parts: readonly Outline[] };

/** Where a path begins: at a name, or at a mapping that is written out. */
export type Root =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'parts'; readonly parts: Outline };

export type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: Outline }
  | { readonly kind: 'method'; readonly name: string; readonly args: readonly Outline[]; readonly at: number };

const INTEGERS = ['Integer', 'UnsignedInteger', 'HexInteger', 'HexUnsignedInteger'];

/** Makes outlines of the trees of cel-js. `fault` makes the error for an offset of the source. */
export class Outliner {
  constructor(private readonly fault: (offset: number, message: string) => ExpressionSyntaxError) {}

  /** @throws ExpressionSyntaxError for names and numbers that cel-js would only complain of later, or never */
  of({ children, name }: Node): Outline {
    switch (name) {
      case 'expr': {
        const [condition] = this.#all(children, 'conditionalOr');
        const branches = this.#all(children, 'lhs', 'rhs');
        if (condition === undefined || branches.length === 0) return condition ?? { kind: 'constant' };
        return { kind: 'conditional', condition, branches };
      }
      case 'unaryExpression':
        return together(this.#all(children, 'atomicExpression'), children.UnaryOperator !== undefined);
      case 'listExpression':
        return { kind: 'parts', parts: this.#all(children, 'lhs', 'rhs', 'Index') };
      case 'mapExpression':
        return this.#path({ kind: 'parts', parts: together(this.#all(children, 'keyValues')) }, children);
      case 'macrosExpression':
        return { kind: 'call', ...this.#callee(children) };
      case 'identifierExpression':
        return this.#path({ kind: 'name', name: this.#name(children) }, children);
      case 'atomicExpression':
        return this.#atom(children);
      default:
        return together(this.#all(children, 'lhs', 'rhs', 'key', 'value', 'expr'));
    }
  }

  #all(children: Children, ...labels: readonly string[]): readonly Outline[] {
    return labels.flatMap((label) => nodesOf(children, label)).map((node) => this.of(node));
  }

  #atom(children: Children): Outline {
    const [inner] = this.#all(children, ...Object.keys(children));
    if (inner !== undefined) return inner;
    const [text] = tokensOf(children, 'StringLiteral');
    if (text !== undefined) return { kind: 'constant', value: text.image.slice(1, -1) };
    const [integer] = INTEGERS.flatMap((label) => tokensOf(children, label));
    return integer === undefined ? { kind: 'constant' } : { kind: 'constant', value: this.#integer(integer) };
  }

  /** cel-js reads integers as floating-point numbers, and would round them in silence. */
  #integer({ image, startOffset }: Token): number {
    const value = Number(image.replace(/u$/i, ''));
    if (Number.isSafeInteger(value)) return value;
    throw this.fault(startOffset, 'the integer is beyond 2^53 - 1 and would lose digits');
  }

  #name(children: Children): string {
    const [identifier] = tokensOf(children, 'Identifier');
    if (identifier === undefined) return '';
    const { image, startOffset } = identifier;
    if (reservedIdentifiers.includes(image)) throw this.fault(startOffset, `\`${image}\` is a reserved word`);
    return image;
  }

  #callee(children: Children): { name: string; args: readonly Outline[]; at: number } {
    const [identifier] = tokensOf(children, 'Identifier');
    const args = this.#all(children, 'arg', 'args');
    return { name: identifier?.image ?? '', args, at: identifier?.startOffset ?? 0 };
  }

  #path(root: Root, children: Children): Outline {
    const steps = [...nodesOf(children, 'identifierDotExpression'), ...nodesOf(children, 'identifierIndexExpression')]
      .map((node) => [offsetOf(node), node] as const)
      .sort(([a], [b]) => a - b)
      .map(([, node]) => this.#step(node));
    return root.kind === 'parts' && steps.length === 0 ? root.parts : { kind: 'path', root, steps };
  }

  #step({ children, name }: Node): Step {
    if (name !== 'identifierDotExpression') return { kind: 'index', index: together(this.#all(children, 'expr')) };
    const callee = this.#callee(children);
    return children.OpenParenthesis === undefined
      ? { kind: 'member', name: callee.name }
      : { kind: 'method', ...callee };
  }
}

/** The outline of one part is that part's, unless something is done with it. */
function together(parts: readonly Outline[], isOperation = false): Outline {
  const [only] = parts;
  return only !== undefined && parts.length === 1 && !isOperation ? only : { kind: 'parts', parts };
}

/** The name that an expression is, with nothing after it; undefined for all else. */
export function plainName(outline: Outline | undefined): string | undefined {
  if (outline?.kind !== 'path' || outline.root.kind !== 'name' || outline.steps.length > 0) return undefined;
  return outline.root.name;
}
