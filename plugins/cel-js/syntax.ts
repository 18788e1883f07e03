import { ExpressionSyntaxError, positionAt, type SourceLimits } from '../../kernel/plugin.js';
import { CELLexer, CelParser, type Node, type Token } from './parts.js';

/**
 * How many words a source may have, whatever its number of characters: parsing one takes cel-js about 30 microseconds,
 * during which nothing else happens.
 */
const MAX_TOKENS = 3_000;

/** How deep its parser can go, with room to spare: it calls itself some fifty times for each level. */
const MAX_NESTING = 64;

/** What a source is made of: comments, texts, and all else. It matches nothing where a text is not closed. */
const PIECE = /\/\/[^\n]*|"(?:[^"\n\\]|\\.)*"|'(?:[^'\n\\]|\\.)*'|[^"'/]+|\//y;

/** Parses sources. It holds a parser of cel-js, which begins anew with each source. */
export class Syntax {
  readonly #parser = new CelParser();

  /** The tree of a source. @throws ExpressionSyntaxError with the place, also where cel-js itself would go on in silence */
  parse(source: string, limits: SourceLimits): Node {
    if (source.length > limits.expressionCharacters) {
      const most = limits.expressionCharacters;
      throw faultAt(source, 0, `the expression is longer than ${most} characters (limits.expressionCharacters)`);
    }
    const tokens = tokensOf(source);
    checkNesting(source, tokens, limits);
    this.#parser.input = tokens;
    const tree = this.#parser.expr();
    const [error] = this.#parser.errors;
    if (error !== undefined) throw faultAt(source, startOf(error.token, source), complaint(error.token, tokens));
    return tree;
  }
}

/** The lexer of cel-js leaves out what it does not know, and takes long over texts that are not closed. */
function tokensOf(source: string): readonly Token[] {
  const piece = new RegExp(PIECE);
  while (piece.lastIndex < source.length) {
    const at = piece.lastIndex;
    if (!piece.test(source)) throw faultAt(source, at, 'the text is not closed');
  }
  const { tokens, errors } = CELLexer.tokenize(source);
  const [error] = errors;
  if (error !== undefined) {
    const character = String.fromCodePoint(source.codePointAt(error.offset) ?? 0);
    throw faultAt(source, error.offset, `unexpected character \`${character}\``);
  }
  const excess = tokens[MAX_TOKENS];
  if (excess !== undefined) {
    throw faultAt(source, excess.startOffset, `an expression in cel-js has no more than ${MAX_TOKENS} words and signs`);
  }
  return tokens;
}

/** Before parsing, as the parser itself goes down with the nesting. A branch lasts until the bracket around it closes. */
function checkNesting(source: string, tokens: readonly Token[], { expressionNesting }: SourceLimits): void {
  const levels = Math.min(expressionNesting, MAX_NESTING);
  const outer: number[] = [];
  let depth = 0;
  for (const { image, startOffset } of tokens) {
    if (')]}'.includes(image)) depth = outer.pop() ?? 0;
    else if (image === ',') depth = outer.length === 0 ? 0 : (outer.at(-1) ?? 0) + 1;
    else if ('([{'.includes(image)) outer.push(depth++);
    else if (image === '?') depth++;
    if (depth > levels) throw faultAt(source, startOffset, tooDeep(levels, expressionNesting));
  }
}

function tooDeep(levels: number, limit: number): string {
  const reason = levels < limit ? 'as deep as cel-js can follow' : 'limits.expressionNesting';
  return `the expression is nested deeper than ${levels} levels (${reason})`;
}

function complaint(token: Token, tokens: readonly Token[]): string {
  if (tokens.length === 0) return 'expected a value, found nothing';
  return tokens.includes(token) ? `unexpected \`${token.image}\`` : 'the expression ends too soon';
}

/** The end of a source is a token without a place. */
function startOf({ startOffset }: Token, source: string): number {
  return Number.isNaN(startOffset) ? source.trimEnd().length : startOffset;
}

/** A fault at an offset of the source. */
export function faultAt(source: string, offset: number, message: string): ExpressionSyntaxError {
  return new ExpressionSyntaxError(message, positionAt(source, offset));
}
