import type { Node } from 'jsonc-parser';
import { equalJson, getKey, hasKey, isList, isObject, type Json, type JsonObject } from '../../kernel/index.js';
import { gapsOf, hasLineBreak, indentationAt, indentationIn, type JsonStyle, styleOf } from './json-style.js';
import { type JsonText, membersOf } from './json-text.js';
import { kept, keptOrChanged, type ListPlans, type PlannedMember, planList } from './member-plan.js';

/**
 * The text of a document that says `value` instead of what it says now. What is equal stays as it is written, character by
 * character: numbers, escapes, white space, the order of keys. What is new is laid out as what stands beside it.
 */
export function printJson(document: JsonText, value: Json, plans: ListPlans = new Map()): string {
  const { tree, text, prefix } = document;
  const printed = new Printer(document, plans).print(tree, document.value, value);
  return prefix + text.slice(0, tree.offset) + printed + text.slice(tree.offset + tree.length);
}

/** How a new value is laid out. `indentation` is that of the line in which it begins. */
interface Layout {
  readonly spread: boolean;
  readonly indentation: string;
}

const INLINE: Layout = { spread: false, indentation: '' };

class Printer {
  readonly #text: string;
  readonly #style: JsonStyle;
  readonly #plans: ListPlans;

  constructor(document: JsonText, plans: ListPlans) {
    this.#text = document.text;
    this.#style = styleOf(document);
    this.#plans = plans;
  }

  /** The text of the value in the place of the node, which says `before`. */
  print(node: Node, before: Json, value: Json): string {
    if (before === value) return this.#written(node);
    if (isObject(before) && isObject(value)) return this.#members(node, planMapping(node, before, value));
    if (isList(before) && isList(value)) return this.#members(node, this.#plans.get(value) ?? planList(before, value));
    return equalJson(before, value) ? this.#written(node) : this.#render(value, this.#layoutAt(node));
  }

  #written(node: Node): string {
    return this.#text.slice(node.offset, node.offset + node.length);
  }

  #members(container: Node, plan: readonly PlannedMember[]): string {
    const children = container.children ?? [];
    if (children.length === 0 || plan.length === 0) return this.#fill(container, plan);
    const gaps = gapsOf(container, this.#text);
    const separator = this.#separator(gaps);
    let text = this.#text[container.offset] + (gaps[0] ?? '');
    for (const [position, member] of plan.entries()) {
      if (position > 0) text += member.type === 'added' || member.index === 0 ? separator : gaps[member.index];
      text += this.#member(container, member, separator);
    }
    return text + gaps.at(-1) + this.#text[container.offset + container.length - 1];
  }

  #member(container: Node, member: PlannedMember, separator: string): string {
    if (member.type === 'added') {
      const spread = hasLineBreak(separator) && !this.#isLastSiblingInline(container);
      const value = this.#render(member.value, { spread, indentation: indentationIn(separator) });
      return this.#keyText(member.key) + value;
    }
    const child = container.children?.[member.index];
    if (child === undefined) throw new Error(`unreachable: there is no member ${member.index}`);
    if (member.type === 'kept') return this.#written(child);
    if (child.type !== 'property') return this.print(child, member.before, member.value);
    const [, value] = child.children ?? [];
    if (value === undefined) throw new Error('unreachable: a property has a value');
    return this.#text.slice(child.offset, value.offset) + this.print(value, member.before, member.value);
  }

  /** A container that was empty, or becomes so. */
  #fill(container: Node, plan: readonly PlannedMember[]): string {
    if (plan.length === 0 && (container.children ?? []).length === 0) return this.#written(container);
    const added = plan.flatMap((member) => (member.type === 'added' ? [member] : []));
    const [open, close] = container.type === 'array' ? ['[', ']'] : ['{', '}'];
    return this.#enclose(open, close, added, this.#layoutAt(container));
  }

  #render(value: Json, layout: Layout): string {
    if (isList(value))
      return this.#enclose(
        '[',
        ']',
        value.map((item) => ({ value: item })),
        layout,
      );
    if (!isObject(value)) return JSON.stringify(value);
    const members = Object.entries(value).map(([key, item]) => ({ key, value: item }));
    return this.#enclose('{', '}', members, layout);
  }

  #enclose(open: string, close: string, members: readonly { key?: string; value: Json }[], layout: Layout): string {
    if (members.length === 0) return open + close;
    const { indent, lineBreak, comma, padding } = this.#style;
    const inner = { ...layout, indentation: layout.indentation + indent };
    const texts = members.map(
      ({ key, value }) => this.#keyText(key) + this.#render(value, layout.spread ? inner : layout),
    );
    if (!layout.spread) {
      const pad = open === '{' ? padding : '';
      return open + pad + texts.join(comma) + pad + close;
    }
    const begin = lineBreak + inner.indentation;
    return open + begin + texts.join(`,${begin}`) + lineBreak + layout.indentation + close;
  }

  #keyText(key: string | undefined): string {
    return key === undefined ? '' : JSON.stringify(key) + this.#style.colon;
  }

  /** What stands between two members: as between the last two, else as before the first. */
  #separator(gaps: readonly string[]): string {
    const [first = ''] = gaps;
    if (gaps.length > 2) return gaps.at(-2) ?? '';
    return hasLineBreak(first) ? `,${first}` : this.#style.comma;
  }

  /** Items that are written one on a line should stay so. */
  #isLastSiblingInline(container: Node): boolean {
    const siblings = (container.children ?? []).map((child) =>
      child.type === 'property' ? child.children?.[1] : child,
    );
    const last = siblings.findLast((sibling) => (sibling?.children ?? []).length > 0);
    return last !== undefined && !hasLineBreak(this.#written(last));
  }

  /** For a value that takes the place of another: spread when what stands beside it is, or there is nothing beside it. */
  #layoutAt(node: Node): Layout {
    const parent = node.parent?.type === 'property' ? node.parent.parent : node.parent;
    const spread = parent === undefined ? this.#style.spread : gapsOf(parent, this.#text).some(hasLineBreak);
    return spread ? { spread, indentation: indentationAt(this.#text, node.offset) } : INLINE;
  }
}

function planMapping(node: Node, before: JsonObject, value: JsonObject): readonly PlannedMember[] {
  const members = membersOf(node);
  // Of doubled keys the last counts.
  const lastIndex = new Map(members.map(({ key }, index) => [key, index]));
  const there = members.flatMap(({ key }, index) => {
    const next = getKey(value, key);
    return next === undefined
      ? []
      : [lastIndex.get(key) === index ? keptOrChanged(index, getKey(before, key), next) : kept(index)];
  });
  const added = Object.entries(value).filter(([key]) => !hasKey(before, key));
  return [...there, ...added.map(([key, item]): PlannedMember => ({ type: 'added', key, value: item }))];
}
