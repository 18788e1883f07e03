import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { isList, isObject, type Json, type JsonObject } from '../../kernel/index.js';

/** How an author lays out YAML. */
export interface YamlStyle {
  /** Spaces a level. */
  readonly indent: number;
  /** Whether the dashes of a list stand deeper than the key that holds it. */
  readonly indentLists: boolean;
}

export const DEFAULT_YAML_STYLE: YamlStyle = { indent: 2, indentLists: true };

/** As the kernel reads documents, and quoting what older readers of YAML (kubectl's among them) would not take for a string. */
const SCHEMA = { version: '1.2', schema: 'core', compat: 'yaml-1.1' } as const;

/** A whole document in block style, without markers; ends with a newline. */
export function renderDocument(value: JsonObject, style: YamlStyle = DEFAULT_YAML_STYLE): string {
  return Object.keys(value).length === 0 ? '{}\n' : `${mappingLines(value, style)}\n`;
}

/**
 * What follows `key:` in a block mapping: ` value` on the same line, or a newline and the lines below, indented from
 * the column of the key. Without the last newline. A string is written in the way given, where it can be.
 */
export function renderAfterKey(value: Json, style: YamlStyle, type?: Scalar.Type): string {
  if (isFilledMapping(value)) return `\n${indented(mappingLines(value, style), style.indent)}`;
  if (isFilledList(value)) return `\n${indented(listLines(value, style), style.indentLists ? style.indent : 0)}`;
  return plainText(value, type) ?? afterIndicator('k:', collectionOf(new YAMLMap(), value, type), style);
}

/** What follows `-` in a block list, as {@link renderAfterKey} does for a key. */
export function renderAfterDash(value: Json, style: YamlStyle, type?: Scalar.Type): string {
  if (isFilledMapping(value)) return ` ${indented(mappingLines(value, style), 2).slice(2)}`;
  if (isFilledList(value)) return ` ${indented(listLines(value, style), 2).slice(2)}`;
  return plainText(value, type) ?? afterIndicator('-', collectionOf(new YAMLSeq(), value, type), style);
}

/** A value on one line, as it may stand inside `[ ]` and `{ }`. */
export function renderInFlow(value: Json, type?: Scalar.Type): string {
  const list = collectionOf(new YAMLSeq(), value, type);
  list.flow = true;
  return toText(list, DEFAULT_YAML_STYLE).replace(/^\[ ?| ?\]\n$/g, '');
}

/** A key as it stands before its colon. */
export function renderKey(key: string, type?: Scalar.Type): string {
  if (type === undefined && isPlain(key)) return key;
  const map = new YAMLMap();
  map.items.push(new Pair(keyNode(key, type), new Scalar(1)));
  return toText(map, DEFAULT_YAML_STYLE).replace(/: 1\n$/, '');
}

/** A node for a value: nothing shared, nothing anchored, and no string that would need luck to come through. */
export function toNode(value: Json): YAMLMap | YAMLSeq | Scalar {
  if (isList(value)) {
    const list = new YAMLSeq();
    list.items.push(...value.map(toNode));
    return list;
  }
  if (!isObject(value)) return scalarNode(value);
  const map = new YAMLMap();
  for (const [key, item] of Object.entries(value)) map.items.push(new Pair(keyNode(key), toNode(item)));
  return map;
}

/** A key that reads back as the same text. */
export function keyNode(key: string, type?: Scalar.Type): Scalar {
  const node = scalarNode(key, type);
  // `<<` would merge, and a key of several lines needs a form that few readers know.
  if (key === '<<' || key.includes('\n')) node.type = Scalar.QUOTE_DOUBLE;
  return node;
}

/** Controls, and spaces other than the usual ones: editors do not show them, and readers differ over them. */
const INVISIBLE = /[^\P{Cc}\t\n]|[^\S \t\n]/u;

/** Several lines with white space at the beginning of the text, the end of a line, or the end of it: as a block, nobody would see it. */
const UNCLEAR_LINES = /^(?=.*\n)(?:\s|.*[ \t](?:\n|$)|.*\n\n$)/s;

function scalarNode(value: Json, type: Scalar.Type = Scalar.PLAIN): Scalar {
  const node = new Scalar(value);
  if (typeof value !== 'string') return node;
  if (INVISIBLE.test(value) || UNCLEAR_LINES.test(value)) node.type = Scalar.QUOTE_DOUBLE;
  // Several lines in single quotes read like a riddle.
  else if (type !== Scalar.PLAIN && !(type === Scalar.QUOTE_SINGLE && value.includes('\n'))) node.type = type;
  return node;
}

/** The text of a syntax tree; long lines are not folded. */
export function documentText(document: Document, { indent, indentLists }: YamlStyle): string {
  return document.toString({
    lineWidth: 0,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    indent,
    indentSeq: indentLists,
  });
}

// Collections are laid out here, since the library ties the indentation of lists to that of mappings; scalars are the library's.
function mappingLines(value: JsonObject, style: YamlStyle): string {
  return Object.entries(value)
    .map(([key, item]) => `${renderKey(key)}:${renderAfterKey(item, style)}`)
    .join('\n');
}

function listLines(value: readonly Json[], style: YamlStyle): string {
  return value.map((item) => `-${renderAfterDash(item, style)}`).join('\n');
}

/** Indents every line that holds something. */
function indented(lines: string, columns: number): string {
  return lines.replace(/(^|\n)(?=[^\n])/g, `$1${' '.repeat(columns)}`);
}

function isFilledMapping(value: Json): value is JsonObject {
  return isObject(value) && Object.keys(value).length > 0;
}

function isFilledList(value: Json): value is readonly Json[] {
  return isList(value) && value.length > 0;
}

/** Words that some version of YAML reads as something else than a string. */
const WORDS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n']);

/** Whether the text is a plain string for every reader of YAML, without a question: most keys and values are. */
function isPlain(text: string): boolean {
  return /^[A-Za-z][\w./-]*$/.test(text) && text.length < 200 && !WORDS.has(text.toLowerCase());
}

function plainText(value: Json, type: Scalar.Type | undefined): string | undefined {
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return ` ${String(value)}`;
  return typeof value === 'string' && (type ?? Scalar.PLAIN) === Scalar.PLAIN && isPlain(value)
    ? ` ${value}`
    : undefined;
}

function collectionOf<C extends YAMLMap | YAMLSeq>(collection: C, value: Json, type: Scalar.Type | undefined): C {
  const node = isList(value) || isObject(value) ? toNode(value) : scalarNode(value, type);
  if (collection instanceof YAMLMap) collection.items.push(new Pair(new Scalar('k'), node));
  else collection.items.push(node);
  return collection;
}

function afterIndicator(indicator: string, collection: YAMLMap | YAMLSeq, style: YamlStyle): string {
  return toText(collection, style).slice(indicator.length).replace(/\n$/, '');
}

function toText(node: YAMLMap | YAMLSeq, style: YamlStyle): string {
  const document = new Document(undefined, SCHEMA);
  document.contents = node as never;
  return documentText(document, style);
}
