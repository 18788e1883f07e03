import type { Value } from '../values/value.js';

/** The smallest parts of a source. `text` is the punctuation, the name, or the source of a literal. */
export interface Token {
  readonly kind: 'end' | 'punctuation' | 'name' | 'quotedName' | 'literal';
  readonly text: string;
  readonly at: number;
  readonly end: number;
  /** Of a literal. */
  readonly value?: Value;
}

/** How a token is called in a complaint; the author wrote all of it. */
export function describeToken(token: Token): string {
  if (token.kind === 'end') return 'the end of the expression';
  const text = token.text.length > 40 ? `${token.text.slice(0, 40)}…` : token.text;
  return `\`${text}\``;
}
