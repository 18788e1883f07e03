import type { PrepareResult } from '../language/prepare-definition.js';
import { equalJson, getAt, type Json } from '../model/json.js';
import type { Origin } from '../model/location.js';
import { annotations } from '../model/names.js';
import { asJson, type Resource } from '../model/resource.js';
import type { DefinitionName } from './definition-lookup.js';
import type { CopyPlace, SourceOrder } from './source-order.js';

/** One copy of a definition, as one namespace of one store holds it. */
export interface DefinitionCopy extends CopyPlace {
  readonly resource: Resource;
  readonly origin: Origin | undefined;
  readonly result: PrepareResult;
}

/** All copies of the definitions of one kind and name; the first counts. */
export class DefinitionCopies {
  readonly #order: SourceOrder;
  #copies: readonly DefinitionCopy[] = [];

  constructor(
    readonly name: DefinitionName,
    order: SourceOrder,
  ) {
    this.#order = order;
  }

  /** The copy that references mean. */
  get first(): DefinitionCopy | undefined {
    return this.#copies[0];
  }

  at(place: CopyPlace): DefinitionCopy | undefined {
    return this.#copies.find((copy) => isSamePlace(copy, place));
  }

  set(copy: DefinitionCopy): void {
    const others = this.#copies.filter((other) => !isSamePlace(other, copy));
    this.#copies = [...others, copy].sort((a, b) => this.#order.compare(a, b));
  }

  remove(place: CopyPlace): void {
    this.#copies = this.#copies.filter((copy) => !isSamePlace(copy, place));
  }
}

/** Whether both lie in the same namespace of the same store. */
export function isSamePlace(a: CopyPlace, b: CopyPlace): boolean {
  return a.store === b.store && a.namespace === b.namespace;
}

/** Whether two copies say the same. What stores keep beside it (revision, status, labels) does not count. */
export function meansTheSame(a: Resource, b: Resource): boolean {
  return a === b || equalJson(meaningOf(a), meaningOf(b));
}

function meaningOf(resource: Resource): Json {
  const { status: _status, metadata: _metadata, ...said } = asJson(resource);
  const language = getAt(asJson(resource), ['metadata', 'annotations', annotations.expressionLanguage]);
  return { said, language: language ?? null };
}
