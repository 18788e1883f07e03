import { getKey, isList, isObject, type Json } from '../model/json.js';
import type { SourceLocation } from '../model/location.js';
import { type Path, pathTo } from '../model/path.js';
import type { CompiledExpression } from './compiled-expression.js';
import { compileTemplate } from './compiled-template.js';
import type { Names, Preparation } from './preparation.js';
import type { Template } from './template.js';

/**
 * A field of a definition that is being prepared: its value, path and the preparation that problems go to. Reading never
 * fails: what has not the asked-for shape is not there, and the schema has told of it.
 */
export class Field {
  constructor(
    readonly preparation: Preparation,
    readonly value: Json | undefined,
    readonly path: Path = [],
  ) {}

  /** Whether there is a value; null is none. */
  get isPresent(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  get location(): SourceLocation {
    return this.preparation.locate(this.path);
  }

  at(key: string): Field {
    const value = isObject(this.value) ? getKey(this.value, key) : undefined;
    return new Field(this.preparation, value, pathTo(this.path, key));
  }

  items(): readonly Field[] {
    if (!isList(this.value)) return [];
    return this.value.map((item, index) => new Field(this.preparation, item, pathTo(this.path, index)));
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
