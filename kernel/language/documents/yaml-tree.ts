import { Composer, CST, type Document, Lexer, Parser, type YAMLParseError } from 'yaml';
import type { ReadLimits } from '../../contracts/store-type.js';

/** What went wrong while reading a document, at an offset from its start. Messages hold none of the document's data. */
export interface Complaint {
  readonly code: 'document-syntax' | 'document-limit' | 'document-value';
  readonly message: string;
  readonly offset: number;
}

/** A document with its syntax tree, as the YAML library has it. */
export type YamlDocument = Document.Parsed;

/** A document's syntax tree, or why there is none. */
export interface YamlTree {
  /** Absent when the document is over a limit. */
  readonly document?: YamlDocument;
  readonly complaints: readonly Complaint[];
}

/** How documents are read: by YAML 1.2's core schema whatever a `%YAML` directive says, and none of YAML 1.1's dates, sets and binary. */
export const YAML_OPTIONS = {
  version: '1.2',
  schema: 'core',
  resolveKnownTags: false,
  // Two keys are the same when their texts are, which the library cannot know; see yaml-value.ts.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** Parses one document of a stream; nesting is measured before anything recursive sees the document. */
export function parseYamlTree(text: string, limits: ReadLimits): YamlTree {
  const tokens: CST.Token[] = [];
  const tooDeep = collectTokens(text, tokens, limits.documentDepth) ?? findTooDeep(tokens, limits.documentDepth);
  if (tooDeep !== undefined) {
    const message = `is nested deeper than the limit of ${limits.documentDepth} (limits.documentDepth)`;
    return { complaints: [{ code: 'document-limit', message, offset: tooDeep }] };
  }
  const [document] = new Composer(YAML_OPTIONS).compose(tokens, true, text.length);
  return document === undefined ? { complaints: [] } : { document, complaints: complaintsOf(document) };
}

/** Takes the text apart; stops at the offset where it is nested deeper than the limit, before that costs anything. */
function collectTokens(text: string, tokens: CST.Token[], limit: number): number | undefined {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > limit && parser.stack.filter(CST.isCollection).length > limit) {
      return parser.stack.at(-1)?.offset ?? 0;
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return undefined;
}

/** The offset of the first token that is nested deeper than the limit. */
function findTooDeep(tokens: readonly CST.Token[], limit: number): number | undefined {
  const queue: { token: CST.Token | null | undefined; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { token, depth } = next;
    if (!token) continue;
    if (token.type === 'document') queue.push({ token: token.value, depth });
    if (!CST.isCollection(token)) continue;
    if (depth >= limit) return token.offset;
    for (const { key, value } of token.items)
      queue.push({ token: key, depth: depth + 1 }, { token: value, depth: depth + 1 });
  }
  return undefined;
}

function complaintsOf(document: YamlDocument): Complaint[] {
  return [...document.errors.filter(isNoConsequence), ...document.warnings].map(({ code, message, pos }) => ({
    code: 'document-syntax',
    message: WORDS[code] ?? withoutData(message),
    offset: pos[0],
  }));
}

/** Where the parser loses the document, it complains of every token after that: only the first mistake says something. */
function isNoConsequence({ message }: YAMLParseError, index: number): boolean {
  return index === 0 || !message.includes(' token in YAML stream');
}

/** Our words for the library's messages that repeat what the document holds, or that speak of the library. */
const WORDS: Readonly<Record<string, string>> = {
  BAD_DIRECTIVE: 'has a directive other than %YAML 1.1, %YAML 1.2 and %TAG',
  BAD_DQ_ESCAPE: 'has an escape sequence in double quotes that YAML does not have',
  BAD_SCALAR_START: 'has a plain value that begins with a reserved character; put it in quotes',
  RESOURCE_EXHAUSTION: 'is too deeply nested to be read',
  TAG_RESOLVE_FAILED: 'has a tag other than those of JSON data (!!str, !!int, !!float, !!bool, !!null, !!map, !!seq)',
  BAD_COLLECTION_TYPE: 'has a tag that does not fit the value',
  TAB_AS_INDENT: 'is indented with a tab; YAML allows only spaces',
};

/** The library ends some messages with the text that it stumbled over. */
function withoutData(message: string): string {
  const [kept = message] = message.split(/: "|(?<=extra characters|Not a YAML token): /, 1);
  return `is not valid YAML: ${kept.replace(/\.$/, '')}`;
}
