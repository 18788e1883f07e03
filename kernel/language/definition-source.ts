import { getKey, isObject, type JsonObject } from '../model/json.js';
import type { Origin } from '../model/location.js';
import { DEFINITION_KINDS, type DefinitionKind, KOREO_API_VERSION } from '../model/names.js';
import { asJson, formatRef, type Resource } from '../model/resource.js';
import type { Prepared, Reference } from './definition.js';
import { Field } from './field.js';
import type { Preparation } from './preparation.js';

/** Where a definition comes from. */
export interface DefinitionOrigin {
  /** The name of the store. */
  readonly store: string;
  readonly origin?: Origin | undefined;
}

/** The kind of definition that a resource is; undefined for resources that are none. */
export function definitionKind({ apiVersion, kind }: Resource): DefinitionKind | undefined {
  return apiVersion === KOREO_API_VERSION ? DEFINITION_KINDS.find((known) => known === kind) : undefined;
}

/** A definition as problems name it: `Kind namespace/name`. */
export function subjectOf(resource: Resource): string {
  const { name, namespace } = identityOf(resource);
  return formatRef({ kind: String(resource.kind), name, namespace: namespace === '' ? undefined : namespace });
}

/** The name and namespace of a definition; empty where there is none, since what is prepared may be malformed. */
export function identityOf(resource: Resource): { readonly name: string; readonly namespace: string } {
  const metadata = metadataOf(resource);
  const text = (key: string): string => {
    const value = getKey(metadata, key);
    return typeof value === 'string' ? value : '';
  };
  return { name: text('name'), namespace: text('namespace') };
}

/** A definition that is being prepared, as the preparers of the kinds see it. */
export class DefinitionSource {
  readonly spec: Field;
  readonly #root: Field;

  constructor(
    readonly resource: Resource,
    readonly preparation: Preparation,
  ) {
    this.#root = new Field(preparation, asJson(resource));
    this.spec = this.#root.at('spec');
  }

  /** The part that all prepared definitions have. */
  prepared(references: readonly Reference[]): Prepared {
    const { language, store } = this.preparation;
    const { location } = this.#root;
    return { ...identityOf(this.resource), store, location, language, references };
  }
}

/** The metadata of a resource as JSON; empty where it is not even a mapping. */
export function metadataOf(resource: Resource): JsonObject {
  const metadata = getKey(asJson(resource), 'metadata');
  return isObject(metadata) ? metadata : {};
}
