import { ExpressionSyntaxError, positionAt, type SourceLimits } from '../../../kernel/plugin.js';

/** How many nodes a source may come to. JSONata's parser copies what is left of `??` and `?:`, once for each around it. */
const MOST_NODES = 200_000;

/** One bracket, or the whole source: how many nodes it comes to so far. */
interface Level {
  /** Nodes of the operands that are done. */
  done: number;
  /** Nodes of the operand that is being written, which `??` would copy. */
  open: number;
  /** What part each open transform (`|pattern|update|`) is in. */
  bars: ('pattern' | 'update')[];
}

const TOKEN =
  /[ \t\n\r\v]+|\/\*[\s\S]*?(?:\*\/|$)|"(?:\\[\s\S]|[^"\\])*"?|'(?:\\[\s\S]|[^'\\])*'?|`[^`]*`?|\.\.|:=|!=|>=|<=|\*\*|~>|\?:|\?\?|[.[\]{}(),@#;:?+\-*/%|=<>^&!~]|(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][-+]?\d+)?|[^ \t\n\r\v.[\]{}(),@#;:?+\-*/%|=<>^&!~]+/y;

const CLOSED = /^(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*')$/;

/**
 * Refuses sources that JSONata's parser, which calls itself and copies parts, could not be trusted with: too long, nested
 * too deeply, or growing too large. Everything else about them is left to it.
 * @throws ExpressionSyntaxError
 */
export function scanSource(source: string, limits: SourceLimits): void {
  if (source.length > limits.expressionCharacters) {
    throw new ExpressionSyntaxError(
      `the expression is longer than ${limits.expressionCharacters} characters (limits.expressionCharacters)`,
    );
  }
  new SourceScan(source, limits.expressionNesting).run();
}

class SourceScan {
  readonly #levels: Level[] = [{ done: 0, open: 1, bars: [] }];
  /** Whether an operand comes next; only then a `/` begins a regular expression, and `*` and `%` are operands. */
  #operandNext = true;

  constructor(
    private readonly source: string,
    private readonly nesting: number,
  ) {}

  run(): void {
    const { source } = this;
    for (let at = 0; at < source.length; ) {
      if (source[at] === '/' && source[at + 1] !== '*' && this.#operandNext) {
        at = this.#afterPattern(at + 1);
        this.#operandNext = false;
        continue;
      }
      TOKEN.lastIndex = at;
      const token = TOKEN.exec(source)?.[0] ?? source.charAt(at);
      this.#checkEnd(token, at);
      if (!/^(?:[ \t\n\r\v]|\/\*)/.test(token)) this.#token(token, at);
      at += token.length;
    }
  }

  /** What is opened and not closed is told where it begins. */
  #checkEnd(token: string, at: number): void {
    const [first] = token;
    if ((first === '"' || first === "'") && !CLOSED.test(token)) this.#refuse('the string has no closing quote', at);
    if (first === '`' && !/^`[^`]*`$/.test(token)) this.#refuse('the quoted name has no closing backtick', at);
    if (token.startsWith('/*') && !/^\/\*[\s\S]*\*\/$/.test(token)) this.#refuse('the comment has no end', at);
  }

  #token(token: string, at: number): void {
    const level = this.#level;
    level.open += 1;
    if (level.open + level.done > MOST_NODES) this.#refuse('the expression comes to too many parts', at);
    switch (token) {
      case '(':
      case '[':
      case '{':
        this.#levels.push({ done: 0, open: 1, bars: [] });
        if (this.#levels.length - 1 > this.nesting) {
          this.#refuse(`the expression is nested deeper than ${this.nesting} levels (limits.expressionNesting)`, at);
        }
        this.#operandNext = true;
        return;
      case ')':
      case ']':
      case '}':
        if (this.#levels.length > 1) {
          this.#levels.pop();
          this.#level.open += level.done + level.open;
        }
        this.#operandNext = false;
        return;
      case '??':
      case '?:':
        level.done += 2 * level.open;
        level.open = 1;
        this.#operandNext = true;
        return;
      case ',':
      case ';':
        level.done += level.open;
        level.open = 1;
        this.#operandNext = true;
        return;
      case '|':
        this.#operandNext = this.#bar(level);
        return;
      default:
        this.#operandNext = this.#isOperator(token);
    }
  }

  /** Whether an operand follows on the token. */
  #isOperator(token: string): boolean {
    if (['*', '**', '%', 'and', 'or', 'in'].includes(token)) return !this.#operandNext;
    return /^[.@#:?+\-/=<>^&!~]/.test(token) || token === ':=';
  }

  #bar(level: Level): boolean {
    if (this.#operandNext) {
      level.bars.push('pattern');
      return true;
    }
    if (level.bars.pop() !== 'pattern') return false;
    level.bars.push('update');
    return true;
  }

  /** Finds the end of a regular expression just as JSONata does: at a `/` outside of all brackets. */
  #afterPattern(from: number): number {
    const { source } = this;
    let depth = 0;
    for (let at = from; at < source.length; at++) {
      const char = source[at];
      if (char === '/' && depth === 0 && !isEscaped(source, at)) return at + 1;
      if (source[at - 1] === '\\') continue;
      if (char === '(' || char === '[' || char === '{') depth++;
      if (char === ')' || char === ']' || char === '}') depth--;
    }
    return source.length;
  }

  get #level(): Level {
    return this.#levels.at(-1) ?? { done: 0, open: 1, bars: [] };
  }

  #refuse(message: string, at: number): never {
    throw new ExpressionSyntaxError(message, positionAt(this.source, at));
  }
}

function isEscaped(source: string, at: number): boolean {
  let backslashes = 0;
  while (source[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}
