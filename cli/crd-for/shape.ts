import type { JsonObject } from '../../kernel/index.js';

/** Stands for any item of a list in the path to a value. */
export const ITEM = Symbol('item');
export type Segment = string | typeof ITEM;

/** The types that can be told from how a value is used. */
export type ShapeType = 'string' | 'boolean' | 'array' | 'int-or-string';

/** How a value is read. */
export interface Reading {
  /** How many segments at the end of its path must be there for it to succeed. */
  readonly needed: number;
  /** Whether all that is in it is taken along, fields that nobody names too. */
  readonly whole: boolean;
  /** Who reads it, for people; absent when it is only passed on to others. */
  readonly reader?: string;
}

/** What is known of a value from what reads it. */
export class Shape {
  #needed = false;
  #whole = false;
  #items: Shape | undefined;
  readonly #fields = new Map<string, Shape>();
  readonly #types = new Set<ShapeType>();
  readonly #readers = new Set<string>();

  /** Whether something fails without it. */
  get needed(): boolean {
    return this.#needed;
  }

  /** What is known of a field of it; undefined when nobody reads it. */
  field(name: string): Shape | undefined {
    return this.#fields.get(name);
  }

  /** Takes note that what lies at a path inside of it is read. */
  read(path: readonly Segment[], { needed, reader, whole }: Reading): void {
    let here: Shape = this;
    for (const [index, segment] of path.entries()) {
      here = here.#inner(segment);
      if (index >= path.length - needed) here.#needed = true;
    }
    if (needed > path.length) this.#needed = true;
    if (reader !== undefined) here.#readers.add(reader);
    if (whole) here.#whole = true;
  }

  /** Takes note that what lies at a path inside of it is used as a value of a type. */
  use(path: readonly Segment[], type: ShapeType): void {
    const used = path.reduce<Shape>((here, segment) => here.#inner(segment), this);
    used.#types.add(type);
  }

  /** The structural schema of values of this shape. What is not known may be anything. */
  schema(): JsonObject {
    return { ...this.#description(), ...this.#typed() };
  }

  #typed(): JsonObject {
    const isMapping = this.#fields.size > 0;
    const isList = this.#items !== undefined || this.#types.has('array');
    if (isMapping && !isList && this.#types.size === 0) return this.#asMapping();
    if (isList && !isMapping && [...this.#types].every((type) => type === 'array')) {
      return { type: 'array', items: this.#items?.schema() ?? ANYTHING };
    }
    const [type, ...others] = this.#types;
    if (type === undefined || isMapping || isList || others.length > 0) return ANYTHING;
    return type === 'int-or-string' ? { 'x-kubernetes-int-or-string': true } : { type };
  }

  #asMapping(): JsonObject {
    const fields = [...this.#fields].sort(([a], [b]) => (a < b ? -1 : 1));
    const required = fields.filter(([, field]) => field.needed).map(([name]) => name);
    return {
      type: 'object',
      ...(required.length === 0 ? {} : { required }),
      properties: Object.fromEntries(fields.map(([name, field]) => [name, field.schema()])),
      ...(this.#whole ? ANYTHING : {}),
    };
  }

  #description(): JsonObject {
    const readers = [...this.#readers].sort();
    return readers.length === 0 ? {} : { description: `Read by ${readers.join(', ')}.` };
  }

  #inner(segment: Segment): Shape {
    if (segment === ITEM) {
      this.#items ??= new Shape();
      return this.#items;
    }
    const field = this.#fields.get(segment) ?? new Shape();
    this.#fields.set(segment, field);
    return field;
  }
}

const ANYTHING = { 'x-kubernetes-preserve-unknown-fields': true } as const;
