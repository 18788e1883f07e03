import { type ExpressionSyntaxError, integerValue, type SourceLimits } from '../../../kernel/plugin.js';
import { isInt } from '../values/number.js';
import type { Value } from '../values/value.js';
import type {
  BinaryOperator,
  Call,
  Chain,
  ChainLink,
  Conditional,
  Expression,
  Has,
  Literal,
  MapEntry,
  Step,
} from './expression.js';
import { Lexer } from './lexer.js';
import { macroOrCall } from './macro.js';
import { syntaxError } from './source-text.js';
import { describeToken, type Token } from './token.js';

/** The tree of a source. @throws ExpressionSyntaxError with the place of the first fault */
export function parse(source: string, limits: SourceLimits): Expression {
  if (source.length > limits.expressionCharacters) {
    const { expressionCharacters: most } = limits;
    throw syntaxError(source, 0, `the expression is longer than ${most} characters (limits.expressionCharacters)`);
  }
  return new Parser(source, limits.expressionNesting).whole();
}

const RESERVED: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

const KEYWORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Functions with a dot in their names, which look like calls on a value. */
const QUALIFIED_FUNCTIONS: ReadonlySet<string> = new Set(['strings.quote']);

/** From the loosest to the tightest; all of them are left-associative. */
const OPERATORS: readonly ReadonlySet<string>[] = [
  new Set(['==', '!=', '<', '<=', '>', '>=', 'in']),
  new Set(['+', '-']),
  new Set(['*', '/', '%']),
];

class Parser {
  readonly #lexer: Lexer;
  #token: Token;
  #depth = 0;

  constructor(
    private readonly source: string,
    private readonly nesting: number,
  ) {
    this.#lexer = new Lexer(source);
    this.#token = this.#lexer.next();
  }

  whole(): Expression {
    const expression = this.#expression();
    if (this.#token.kind !== 'end') {
      throw this.#error(`unexpected ${describeToken(this.#token)} after the end of the expression`);
    }
    return expression;
  }

  #expression(): Expression {
    const { at } = this.#token;
    const branches: Conditional['branches'][number][] = [];
    let last = this.#logic('or');
    while (this.#take('?')) {
      const result = this.#logic('or');
      this.#expect(':', 'between the branches of the condition');
      branches.push({ condition: last, result });
      last = this.#logic('or');
    }
    return branches.length === 0 ? last : { kind: 'conditional', at, branches, otherwise: last };
  }

  #logic(kind: 'or' | 'and'): Expression {
    const { at } = this.#token;
    const operator = kind === 'or' ? '||' : '&&';
    const term = (): Expression => (kind === 'or' ? this.#logic('and') : this.#chain(0));
    const first = term();
    if (!this.#is(operator)) return first;
    const terms = [first];
    while (this.#take(operator)) terms.push(term());
    return { kind, at, terms };
  }

  #chain(level: number): Expression {
    const operators = OPERATORS[level];
    if (operators === undefined) return this.#unary();
    const { at } = this.#token;
    const first = this.#chain(level + 1);
    const rest: ChainLink[] = [];
    while (this.#isOperator(operators)) {
      const operator = this.#advance();
      rest.push({ operator: operator.text as BinaryOperator, at: operator.at, operand: this.#chain(level + 1) });
    }
    return rest.length === 0 ? first : ({ kind: 'chain', at, first, rest } satisfies Chain);
  }

  #isOperator(operators: ReadonlySet<string>): boolean {
    const { kind, text } = this.#token;
    return operators.has(text) && (kind === 'punctuation' || (kind === 'name' && text === 'in'));
  }

  #unary(): Expression {
    const { at, text } = this.#token;
    if (!this.#is('!') && !this.#is('-')) return this.#access();
    let odd = false;
    while (this.#take(text)) odd = !odd;
    if (text === '!') {
      const operand = this.#access();
      return odd ? { kind: 'not', at, operand } : operand;
    }
    return this.#negated(at, odd);
  }

  /** A minus belongs to the number after it, so that the smallest integer can be written. */
  #negated(at: number, odd: boolean): Expression {
    const { value } = this.#token;
    if (odd && isInt(value)) {
      this.#advance();
      return this.#steps({ kind: 'literal', at, value: integerValue(-BigInt(value)) });
    }
    const operand = this.#access();
    return odd ? { kind: 'negate', at, operand } : operand;
  }

  #access(): Expression {
    return this.#steps(this.#primary());
  }

  #steps(base: Expression): Expression {
    const steps: Step[] = [];
    for (;;) {
      const { at } = this.#token;
      if (this.#take('[')) {
        const index = this.#nested();
        this.#expect(']', 'after the index');
        steps.push({ kind: 'index', at, index });
      } else if (this.#take('.')) {
        steps.push(this.#member());
      } else {
        if (this.#is('{'))
          throw this.#error('there are no message types here; a mapping is written `{"field": value}`');
        return steps.length === 0 ? base : this.#checked(accessOf(base, steps));
      }
    }
  }

  /** Calls in a row are evaluated inside one another, so that they count as nesting; plain fields do not. */
  #checked(access: Expression): Expression {
    if (access.kind !== 'access') return access;
    const computed = access.steps.filter((step) => step.kind !== 'select').length;
    if (computed > this.nesting) {
      throw this.#error(`more than ${this.nesting} calls and indexes in a row (limits.expressionNesting)`);
    }
    return access;
  }

  #member(): Step {
    const { at, kind, text } = this.#token;
    if ((kind !== 'name' && kind !== 'quotedName') || (kind === 'name' && (KEYWORDS.has(text) || text === 'in'))) {
      throw this.#error(`expected the name of a field after \`.\`, found ${describeToken(this.#token)}`);
    }
    this.#advance();
    if (kind === 'quotedName' || !this.#take('(')) return { kind: 'select', at, field: text };
    return macroOrCall(this.source, { at, name: text, args: this.#arguments(text) });
  }

  #primary(): Expression {
    const token = this.#token;
    if (token.kind === 'literal') return this.#literal(token);
    if (token.kind === 'name') return this.#named('');
    if (this.#take('(')) {
      const inner = this.#nested();
      this.#expect(')', 'to close the parenthesis');
      return inner;
    }
    if (this.#take('[')) return { kind: 'list', at: token.at, items: this.#items() };
    if (this.#take('{')) return { kind: 'map', at: token.at, entries: this.#entries() };
    if (this.#take('.')) return this.#named('.');
    throw this.#error(`expected a value, found ${describeToken(token)}`);
  }

  #literal(token: Token): Literal {
    const { value = null, at } = token;
    if (value === 2n ** 63n) throw this.#error('the integer is beyond 64 bits');
    this.#advance();
    return { kind: 'literal', at, value };
  }

  #named(dot: '' | '.'): Expression {
    const { at, text, kind } = this.#token;
    const keyword = dot === '' ? KEYWORDS.get(text) : undefined;
    if (keyword !== undefined) {
      this.#advance();
      return { kind: 'literal', at, value: keyword };
    }
    if (kind !== 'name' || text === 'in' || KEYWORDS.has(text)) {
      throw this.#error(`expected a value, found ${describeToken(this.#token)}`);
    }
    if (RESERVED.has(text)) throw this.#error(`\`${text}\` is a reserved word`);
    this.#advance();
    if (!this.#take('(')) return { kind: 'identifier', at, name: text, absolute: dot === '.' };
    const args = this.#arguments(text);
    return text === 'has' && dot === '' ? this.#has(at, args) : { kind: 'call', at, name: text, args };
  }

  #has(at: number, args: readonly Expression[]): Has {
    const [argument] = args;
    const last = argument?.kind === 'access' ? argument.steps.at(-1) : undefined;
    if (args.length !== 1 || argument?.kind !== 'access' || (last?.kind !== 'select' && last?.kind !== 'index')) {
      throw syntaxError(
        this.source,
        argument?.at ?? at,
        'has needs one field to ask for, as in `has(a.b)` or `has(a["b"])`',
      );
    }
    return { kind: 'has', at, base: argument.base, steps: argument.steps.slice(0, -1), last };
  }

  #arguments(name: string): Expression[] {
    const args: Expression[] = [];
    if (this.#take(')')) return args;
    do args.push(this.#nested());
    while (this.#take(','));
    this.#expect(')', `after the arguments of ${name}`);
    return args;
  }

  /** A list may end in a comma. */
  #items(): Expression[] {
    const items: Expression[] = [];
    while (!this.#is(']')) {
      items.push(this.#nested());
      if (!this.#take(',')) break;
    }
    this.#expect(']', 'after the items of the list');
    return items;
  }

  /** So may a mapping. */
  #entries(): MapEntry[] {
    const entries: MapEntry[] = [];
    while (!this.#is('}')) {
      const { at } = this.#token;
      const key = this.#nested();
      this.#expect(':', 'after the key');
      entries.push({ at, key, value: this.#nested() });
      if (!this.#take(',')) break;
    }
    this.#expect('}', 'after the entries of the mapping');
    return entries;
  }

  #nested(): Expression {
    this.#depth++;
    if (this.#depth > this.nesting) {
      throw this.#error(`the expression is nested deeper than ${this.nesting} levels (limits.expressionNesting)`);
    }
    const expression = this.#expression();
    this.#depth--;
    return expression;
  }

  #is(punctuation: string): boolean {
    return this.#token.text === punctuation && this.#token.kind === 'punctuation';
  }

  #take(punctuation: string): boolean {
    if (!this.#is(punctuation)) return false;
    this.#advance();
    return true;
  }

  #expect(punctuation: string, where: string): void {
    if (!this.#take(punctuation)) {
      throw this.#error(`expected \`${punctuation}\` ${where}, found ${describeToken(this.#token)}`);
    }
  }

  #advance(): Token {
    const token = this.#token;
    this.#token = this.#lexer.next();
    return token;
  }

  #error(message: string): ExpressionSyntaxError {
    return syntaxError(this.source, this.#token.at, message);
  }
}

/** A value with steps on it. Steps on what has steps already continue these. */
function accessOf(base: Expression, steps: readonly Step[]): Expression {
  if (base.kind === 'access') return { ...base, steps: [...base.steps, ...steps] };
  const [first, ...rest] = steps;
  const name = base.kind === 'identifier' && first?.kind === 'call' ? `${base.name}.${first.name}` : '';
  if (first?.kind !== 'call' || !QUALIFIED_FUNCTIONS.has(name)) return { kind: 'access', at: base.at, base, steps };
  const call: Call = { kind: 'call', at: base.at, name, args: first.args };
  return rest.length === 0 ? call : { kind: 'access', at: base.at, base: call, steps: rest };
}
