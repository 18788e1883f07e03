import { getKey, isList, isObject, type Json } from '../model/json.js';
import type { SourceLocation } from '../model/location.js';
import type { Path } from '../model/path.js';
import type { CompiledExpression } from './compiled-expression.js';
import { compileTemplate } from './compiled-template.js';
import type { Names, Preparation } from './preparation.js';
import type { Template } from './template.js';

/** Under which key or index of what a field lies. */
interface Place {
  readonly parent: Field;
  readonly segment: string | number;
}

/**
 * A field of a definition that is being prepared: its value, path and the preparation that problems go to. Reading never
 * fails: what has not the asked-for shape is not there, and the schema has told of it.
 */
export class Field {
  readonly #place: Place | undefined;

  /** @param place absent for the root */
  constructor(
    readonly preparation: Preparation,
    readonly value: Json | undefined,
    place?: Place,
  ) {
    this.#place = place;
  }

  /** Made when it is asked for: most fields that are looked for are not there, and nobody asks where. */
  get path(): Path {
    const path: (string | number)[] = [];
    for (let place = this.#place; place !== undefined; place = place.parent.#place) path.push(place.segment);
    return path.reverse().slice();
  }

  /** Whether there is a value; null is none. */
  get isPresent(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  get location(): SourceLocation {
    return this.preparation.locate(this.path);
  }

  at(key: string): Field {
    const value = isObject(this.value) ? getKey(this.value, key) : undefined;
    return new Field(this.preparation, value, { parent: this, segment: key });
  }

  items(): readonly Field[] {
    if (!isList(this.value)) return [];
    return this.value.map((item, segment) => new Field(this.preparation, item, { parent: this, segment }));
  }

  entries(): readonly (readonly [key: string, field: Field])[] {
    return isObject(this.value) ? Object.keys(this.value).map((key) => [key, this.at(key)]) : [];
  }

  text(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined;
  }

  number(): number | undefined {
    return typeof this.value === 'number' ? this.value : undefined;
  }

  flag(fallback: { readonly default: boolean }): boolean {
    return typeof this.value === 'boolean' ? this.value : fallback.default;
  }

  /** The value as a template; undefined when there is none. */
  template(names: Names): Template | undefined {
    return this.isPresent ? this.valueTemplate(names) : undefined;
  }

  /** As {@link template}, where null is a value like any other. */
  valueTemplate(names: Names): Template | undefined {
    if (this.value === undefined) return undefined;
    return compileTemplate(this.value, this.location, (text, path) => this.preparation.compile(text, path, names));
  }

  /** The value as an expression; undefined when it is none. */
  expression(names: Names): CompiledExpression | undefined {
    return typeof this.value === 'string' ? this.preparation.compile(this.value, this.path, names) : undefined;
  }

  report(code: string, message: string): void {
    this.preparation.report(code, message, this.path);
  }
}
