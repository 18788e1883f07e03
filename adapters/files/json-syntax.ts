import { printParseErrorCode, visit } from 'jsonc-parser';
import type { Json } from '../../kernel/index.js';

/** The first thing in a text that keeps it from being a JSON document. */
export interface SyntaxFault {
  readonly message: string;
  /** Characters from the beginning. */
  readonly offset: number;
}

/** What a text says as JSON (RFC 8259), or why it is none. Nesting beyond `maxDepth` is a fault too. */
export type JsonReading = { readonly value: Json } | { readonly fault: SyntaxFault };

/** Reads a text as JSON. */
export function readJson(text: string, maxDepth: number): JsonReading {
  if (text.trim() === '') return { fault: { message: 'the document is empty: write {} to begin with', offset: 0 } };
  // First, since parsers recurse: what is too deep must never reach one.
  const tooDeep = findDepthBeyond(text, maxDepth);
  if (tooDeep !== undefined) {
    return { fault: { message: `nested deeper than the limit of ${maxDepth} (maxDepth)`, offset: tooDeep } };
  }
  try {
    const value = JSON.parse(text) as Json;
    const huge = findHugeNumber(text);
    return huge === undefined ? { value } : { fault: huge };
  } catch {
    return { fault: findParseError(text) };
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** A loop, since a pattern that matches strings whole overflows the stack on long ones. */
function findDepthBeyond(text: string, maxDepth: number): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfString(text, at);
    else if (OPENING.has(character)) depth += 1;
    else if (CLOSING.has(character)) depth -= 1;
    if (depth > maxDepth) return at;
  }
  return undefined;
}

function endOfString(text: string, begin: number): number {
  let at = begin + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

function findParseError(text: string): SyntaxFault {
  let fault: SyntaxFault | undefined;
  visit(
    text,
    {
      onError: (code, offset) => {
        fault ??= { message: MESSAGES[printParseErrorCode(code)] ?? 'this is not JSON', offset };
      },
    },
    { disallowComments: true },
  );
  return fault ?? { message: 'this is not JSON', offset: 0 };
}

const MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is no JSON value: texts need double quotes, and only true, false and null need none',
  InvalidNumberFormat: 'this is no number as JSON writes them',
  PropertyNameExpected: 'a property name in double quotes is expected here (perhaps there is a comma too many)',
  ValueExpected: 'a value is expected here (perhaps there is a comma too many)',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'a closing brace } is expected here',
  CloseBracketExpected: 'a closing bracket ] is expected here',
  EndOfFileExpected: 'the document should end here',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'this text has no closing double quote',
  UnexpectedEndOfNumber: 'this number has no end',
  InvalidUnicode: 'a \\u needs four hexadecimal digits',
  InvalidEscapeCharacter: 'this escape is not one of JSON (a backslash itself is written \\\\)',
  InvalidCharacter: 'this character must be written as an escape, such as \\n or \\t',
};

/** A number beyond what any number here can hold would be read as Infinity, and written back as null. */
function findHugeNumber(text: string): SyntaxFault | undefined {
  if (!/[eE]\+?\d{3}|\d{309}/.test(text)) return undefined;
  let fault: SyntaxFault | undefined;
  visit(text, {
    onLiteralValue: (value, offset) => {
      if (value === Infinity || value === -Infinity) {
        fault ??= { message: 'this number is too large: numbers go up to 1.8e308', offset };
      }
    },
  });
  return fault;
}
