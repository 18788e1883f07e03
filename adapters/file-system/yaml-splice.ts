import {
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isList, isObject, type Json, type Path } from '../../kernel/index.js';
import type { JsonEdit } from './json-edit.js';
import { renderAfterDash, renderAfterKey, renderInFlow, renderKey, type YamlStyle } from './yaml-render.js';
import {
  colonEnd,
  columnOf,
  commentAfter,
  dashOf,
  endOf,
  endOfPair,
  type Found,
  findInTree,
  isBlockScalar,
  isExplicit,
  itemToken,
  parseYaml,
  startOf,
  styleOf,
} from './yaml-tree.js';

/** A part of a text, and what is to stand there instead. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The text of a document with one edit made, all else left byte for byte; undefined where the edit cannot be made by
 * changing one place. `wanted` gives the value that the whole document is to have in the end at a path, for what must be
 * written out because an alias or a merge stood there. Callers read the result back: this is a proposal.
 */
export function spliceYaml(text: string, edit: JsonEdit, wanted: (path: Path) => Json | undefined): string | undefined {
  const splice = new YamlSplicer(text, wanted).splice(edit);
  if (splice === undefined) return undefined;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return text.slice(0, splice.start) + splice.text.replaceAll('\n', eol) + text.slice(splice.end);
}

class YamlSplicer {
  readonly #text: string;
  readonly #wanted: (path: Path) => Json | undefined;
  readonly #document: Document;
  readonly #style: YamlStyle;

  constructor(text: string, wanted: (path: Path) => Json | undefined) {
    this.#text = text;
    this.#wanted = wanted;
    this.#document = parseYaml(text);
    this.#style = styleOf(this.#document, text);
  }

  splice(edit: JsonEdit): Splice | undefined {
    if (edit.path.length === 0) return undefined;
    const found = findInTree(this.#document.contents, edit.path);
    if (found.type === 'blocked') return this.#setWhole(edit.path.slice(0, found.depth));
    switch (edit.type) {
      case 'set':
        return this.#set(found, edit.path, edit.value);
      case 'remove':
        return this.#remove(found, edit.path);
      case 'insert':
        return this.#insert(found, edit);
    }
  }

  /** Writes a value out where an alias, or something that cannot be edited in parts, stands now. */
  #setWhole(path: Path): Splice | undefined {
    const value = this.#wanted(path);
    return value === undefined ? undefined : this.splice({ type: 'set', path, value });
  }

  #set(found: Exclude<Found, { type: 'blocked' }>, path: Path, value: Json): Splice | undefined {
    if (found.type === 'absent') return this.#add(found.map, path, value);
    if (found.type === 'pair') {
      const { map, pair } = found;
      if (map.flow) return this.#replaceInFlow(pair.value, value);
      if (isExplicit(pair)) return undefined;
      const start = colonEnd(pair);
      const column = columnOf(startOf(pair.key), this.#text);
      return this.#replaceBlock(pair.value, value, {
        start,
        column,
        tokens: pair.srcToken?.sep,
        render: renderAfterKey,
      });
    }
    const { list, index } = found;
    if (list.flow) return this.#replaceInFlow(list.items[index], value);
    const dash = dashOf(list, index);
    const place = {
      start: dash === undefined ? undefined : dash + 1,
      column: columnOf(dash, this.#text),
      tokens: itemToken(list, index)?.start,
      render: renderAfterDash,
    };
    return this.#replaceBlock(list.items[index], value, place);
  }

  /** Replaces what stands behind a colon or dash in block style; a scalar by a scalar keeps its line as it is. */
  #replaceBlock(node: unknown, value: Json, { start, column, tokens, render }: BlockPlace): Splice | undefined {
    if (start === undefined) return undefined;
    const type = isScalar(node) ? (node.type as Scalar.Type | undefined) : undefined;
    const rendered = indentLines(render(value, this.#style, type), column);
    const [from, to] = [startOf(node), endOf(node, this.#text)];
    const oneLine = !rendered.includes('\n');
    if (oneLine && from !== undefined && to !== undefined && isScalar(node) && !isBlockScalar(node)) {
      return { start: from, end: to, text: rendered.slice(1) };
    }
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    const trailing = !oneLine && to !== undefined && !isBlockScalar(node) ? this.#commentBehind(to) : undefined;
    const comment = trailing ?? (oneLine && to === undefined ? undefined : commentAfter(tokens, start));
    const end = (to ?? start) + (trailing?.length ?? 0);
    return { start, end, text: withComment(rendered, comment?.trimStart(), anchor) };
  }

  /** The comment on the line behind a value, with the white space before it. */
  #commentBehind(offset: number): string | undefined {
    return /^[ \t]+#[^\n]*/.exec(this.#text.slice(offset, this.#lineEnd(offset)))?.[0];
  }

  #replaceInFlow(node: unknown, value: Json): Splice | undefined {
    const [start, end] = [startOf(node), endOf(node, this.#text)];
    if (start === undefined || end === undefined) return undefined;
    const type = isScalar(node) ? (node.type as Scalar.Type | undefined) : undefined;
    return { start, end, text: renderInFlow(value, type) };
  }

  #add(map: YAMLMap, path: Path, value: Json): Splice | undefined {
    const last = map.items.at(-1);
    if (last === undefined) return this.#setWhole(path.slice(0, -1));
    const end = endOfPair(last, this.#text);
    if (end === undefined) return undefined;
    const lastType = isScalar(last.key) ? (last.key.type as Scalar.Type | undefined) : undefined;
    const key = renderKey(String(path.at(-1)), map.flow || lastType !== Scalar.QUOTE_DOUBLE ? undefined : lastType);
    if (map.flow) {
      const quoted = lastType === Scalar.QUOTE_DOUBLE ? JSON.stringify(String(path.at(-1))) : key;
      const stringType = lastType === Scalar.QUOTE_DOUBLE ? Scalar.QUOTE_DOUBLE : undefined;
      return { start: end, end, text: `, ${quoted}: ${renderInFlow(value, stringType)}` };
    }
    const column = columnOf(startOf(map.items[0]?.key), this.#text);
    const at = this.#lineEnd(end);
    return { start: at, end: at, text: indentLines(`\n${key}:${renderAfterKey(value, this.#style)}`, column) };
  }

  #remove(found: Exclude<Found, { type: 'blocked' }>, path: Path): Splice | undefined {
    if (found.type === 'absent') return undefined;
    const collection = found.type === 'pair' ? found.map : found.list;
    if (collection.items.length === 1) return this.#empty(path.slice(0, -1));
    if (collection.flow) return this.#removeFromFlow(collection, found.index);
    if (found.type === 'pair') {
      const next = startOf(found.map.items[found.index + 1]?.key);
      if (isExplicit(found.pair)) return undefined;
      return this.#removeLines(startOf(found.pair.key), endOfPair(found.pair, this.#text), next);
    }
    const dash = dashOf(found.list, found.index);
    const item = found.list.items[found.index];
    const end = endOf(item, this.#text) ?? (dash === undefined ? undefined : dash + 1);
    return this.#removeLines(dash, end, dashOf(found.list, found.index + 1));
  }

  #empty(path: Path): Splice | undefined {
    const value = this.#wanted(path);
    if (path.length === 0 || value === undefined) return undefined;
    return this.splice({ type: 'set', path, value: isObject(value) || isList(value) ? value : {} });
  }

  /** Takes away whole lines; what shares its first line with something else gives its place to what follows. */
  #removeLines(start: number | undefined, end: number | undefined, next: number | undefined): Splice | undefined {
    if (start === undefined || end === undefined) return undefined;
    const lineStart = start - columnOf(start, this.#text);
    if (this.#text.slice(lineStart, start).trim() === '') {
      const lineEnd = this.#text.indexOf('\n', end);
      if (lineEnd >= 0) return { start: lineStart, end: lineEnd + 1, text: '' };
      return { start: Math.max(0, this.#lineEnd(lineStart - 1)), end: this.#text.length, text: '' };
    }
    if (next === undefined || this.#text.slice(end, next).trim() !== '') return undefined;
    return { start, end: next, text: '' };
  }

  #removeFromFlow(collection: YAMLMap | YAMLSeq, index: number): Splice | undefined {
    const startAt = (at: number): number | undefined => startOf(flowStart(collection, at));
    const endAt = (at: number): number | undefined => flowEnd(collection, at, this.#text);
    const isLast = index === collection.items.length - 1;
    const [start, end] = isLast ? [endAt(index - 1), endAt(index)] : [startAt(index), startAt(index + 1)];
    if (start === undefined || end === undefined || this.#text.slice(start, end).includes('#')) return undefined;
    return { start, end, text: '' };
  }

  #insert(found: Found, { path, index, value }: Extract<JsonEdit, { type: 'insert' }>): Splice | undefined {
    const list =
      found.type === 'pair' ? found.pair.value : found.type === 'item' ? found.list.items[found.index] : undefined;
    if (isAlias(list)) return this.#setWhole(path);
    if (!isSeq(list) || list.items.length === 0) return undefined;
    if (list.flow) return this.#insertInFlow(list, index, value);
    const dash = dashOf(list, 0);
    if (dash === undefined) return undefined;
    const column = columnOf(dash, this.#text);
    const item = indentLines(`-${renderAfterDash(value, this.#style)}`, column);
    if (index === 0) {
      if (this.#text.slice(dash - column, dash).trim() !== '') return undefined;
      return { start: dash - column, end: dash - column, text: `${' '.repeat(column)}${item}\n` };
    }
    const end = endOf(list.items[index - 1], this.#text) ?? dashOf(list, index - 1);
    if (end === undefined) return undefined;
    const at = this.#lineEnd(end);
    return { start: at, end: at, text: `\n${' '.repeat(column)}${item}` };
  }

  #insertInFlow(list: YAMLSeq, index: number, value: Json): Splice | undefined {
    const before = startOf(list.items[index]);
    if (before !== undefined) return { start: before, end: before, text: `${renderInFlow(value)}, ` };
    const after = endOf(list.items[index - 1], this.#text);
    return after === undefined ? undefined : { start: after, end: after, text: `, ${renderInFlow(value)}` };
  }

  /** The end of the line that the offset is on, before its line break. */
  #lineEnd(offset: number): number {
    const newline = this.#text.indexOf('\n', offset);
    if (newline < 0) return this.#text.length;
    return this.#text[newline - 1] === '\r' ? newline - 1 : newline;
  }
}

/** A place behind a colon or a dash. */
interface BlockPlace {
  readonly start: number | undefined;
  /** Of the key or the dash. */
  readonly column: number;
  readonly tokens: readonly CST.SourceToken[] | undefined;
  readonly render: (value: Json, style: YamlStyle, type?: Scalar.Type) => string;
}

function flowStart(collection: YAMLMap | YAMLSeq, index: number): unknown {
  return isMap(collection) ? collection.items[index]?.key : collection.items[index];
}

function flowEnd(collection: YAMLMap | YAMLSeq, index: number, text: string): number | undefined {
  const item = collection.items[index];
  if (!isMap(collection)) return endOf(item as Node, text);
  const pair = collection.items[index];
  return pair === undefined ? undefined : (endOfPair(pair, text) ?? endOf(pair.key, text));
}

/** Indents every line but the first and those that are empty. */
function indentLines(text: string, column: number): string {
  return column === 0 ? text : text.replace(/\n(?!\n|$)/g, `\n${' '.repeat(column)}`);
}

function withComment(rendered: string, comment: string | undefined, anchor: string | undefined): string {
  const anchored = anchor === undefined ? rendered : ` &${anchor}${rendered}`;
  if (comment === undefined) return anchored;
  const newline = anchored.indexOf('\n');
  if (newline < 0) return `${anchored} ${comment}`;
  const first = anchored.slice(0, newline);
  // Behind a block scalar's header a comment may stand too.
  return `${first} ${comment}${anchored.slice(newline)}`;
}
