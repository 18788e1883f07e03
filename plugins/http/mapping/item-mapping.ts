import { createHash } from 'node:crypto';
import {
  asResource,
  formatRef,
  freezeDeep,
  type GroupVersionKind,
  InvalidResourceError,
  isObject,
  type Json,
  type JsonObject,
  type Resource,
  type ResourceRef,
  refKey,
} from '../../../kernel/plugin.js';
import type { ItemOptions } from '../options/options.js';
import { type FieldMapping, fieldsFrom } from './field-table.js';
import { valueAt } from './pointer.js';
import type { Variables } from './url-template.js';

/** An item as an API gave it. */
export interface Item {
  readonly json: JsonObject;
  /** The entity tag that came with it; absent for items of lists. */
  readonly etag?: string;
}

/** An item, and the resource that it is. */
export interface Found {
  readonly item: Item;
  readonly resource: Resource;
}

/** How items of one kind are resources. */
export class ItemMapping {
  readonly #api: string;
  readonly #gvk: GroupVersionKind;
  readonly #options: ItemOptions;
  readonly spec: FieldMapping;

  constructor(api: string, { apiVersion, kind }: GroupVersionKind, options: ItemOptions) {
    this.#api = api;
    this.#gvk = { apiVersion, kind };
    this.#options = options;
    this.spec = options.spec ?? '';
  }

  /** Whether the revision is an item's entity tag, which lists do not give. */
  get revisionIsEtag(): boolean {
    return this.#options.revision === 'etag';
  }

  /** What a reference says to templates. @throws InvalidResourceError for a name that has not the parts it should have */
  variablesOf({ kind, name, namespace }: ResourceRef): Variables {
    const parts = this.#options.name;
    const variables = { name, ...(namespace === undefined ? {} : { namespace }) };
    if (typeof parts !== 'object') return variables;
    const keys = Object.keys(parts);
    const values = name.split('/');
    if (values.length !== keys.length || values.includes('')) {
      throw new InvalidResourceError(`the name of a ${kind} is written as ${keys.join('/')}`);
    }
    return { ...variables, ...Object.fromEntries(keys.map((key, index) => [key, values[index] ?? ''])) };
  }

  /** What an item says to the templates of requests that change it. @throws InvalidResourceError */
  variablesFrom({ json }: Item): Variables {
    const entries = Object.entries(this.#options.variables ?? {});
    return Object.fromEntries(entries.map(([name, property]) => [name, this.#required(json, property)]));
  }

  /** The reference to an item of a list; undefined for one that says no name. @param namespace of the list */
  refOf(json: JsonObject, namespace: string | undefined): ResourceRef | undefined {
    const { name: parts, namespace: property } = this.#options;
    const properties = typeof parts === 'object' ? Object.values(parts) : parts === undefined ? [] : [parts];
    const names = properties.map((one) => textOf(valueAt(json, one)));
    if (names.length === 0 || names.includes(undefined)) return undefined;
    const said = property === undefined ? namespace : textOf(valueAt(json, property));
    return { ...this.#gvk, name: names.join('/'), ...(said === undefined ? {} : { namespace: said }) };
  }

  /** The resource that an item is. @throws InvalidResourceError when it is not the one that was asked for, or lacks what identifies it */
  toResource(ref: ResourceRef, item: Item): Resource {
    const { json } = item;
    const said = this.refOf(json, ref.namespace);
    if (said !== undefined && refKey(said) !== refKey({ ...this.#gvk, ...refPart(ref) })) {
      throw new InvalidResourceError(
        `${this.#api} gave another item than ${formatRef(ref)}: names there may differ in case, or the item has moved`,
      );
    }
    const spec = fieldsFrom(json, this.spec);
    const status = this.#status(json);
    const content = { ...(spec === undefined ? {} : { spec }), ...(status === undefined ? {} : { status }) };
    const metadata = {
      ...refPart(ref),
      uid: this.#uid(ref, json),
      resourceVersion: this.#revision(item, content),
    };
    return asResource(freezeDeep({ ...this.#gvk, metadata, ...content }));
  }

  #status(json: JsonObject): JsonObject | undefined {
    const { status } = this.#options;
    const found = status === undefined ? undefined : fieldsFrom(json, status);
    return isObject(found) ? found : undefined;
  }

  #uid(ref: ResourceRef, json: JsonObject): string {
    const { uid } = this.#options;
    return uid === undefined ? digest(`${this.#api} ${refKey(ref)}`) : this.#required(json, uid);
  }

  #revision({ json, etag }: Item, content: JsonObject): string {
    const { revision = 'content' } = this.#options;
    if (revision === 'etag') {
      if (etag !== undefined) return etag;
      throw new InvalidResourceError(
        `${this.#api} gave a ${this.#gvk.kind} without an ETag: choose another \`revision\` for the kind`,
      );
    }
    return revision === 'content' ? digest(canonical(content)) : this.#required(json, revision.property);
  }

  #required(json: JsonObject, property: string): string {
    const value = textOf(valueAt(json, property));
    if (value !== undefined) return value;
    throw new InvalidResourceError(
      `${this.#api} gave a ${this.#gvk.kind} without a text or number at "${property}", which the plug-in's options name`,
    );
  }
}

/** An integer too large to be held exactly says nothing: it would be its neighbour's too. */
function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'number') {
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value);
  }
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function refPart({ name, namespace }: ResourceRef): { readonly name: string; readonly namespace?: string } {
  return namespace === undefined ? { name } : { name, namespace };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_key, part: Json) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
