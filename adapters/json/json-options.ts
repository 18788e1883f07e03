import type { JsonObject } from '../../kernel/index.js';
import { POINTER_PATTERN } from './json-pointer.js';

/** A collection of a document, as the configuration describes it. */
export interface CollectionOptions {
  /** JSON Pointer to the list or mapping of items; `""` is the whole document. */
  readonly at: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Guessed from the kind by default. */
  readonly plural?: string;
  /** Whether the items are those of a list or of a mapping. By default a list when `name` is given, else a mapping. */
  readonly container?: 'list' | 'mapping';
  /** The property of an item that is its name: a key, or a JSON Pointer within the item. Items of a mapping are named by their keys without it. */
  readonly name?: string;
  /** The property of an item that is its namespace, likewise. Without it the kind has no namespaces. */
  readonly namespace?: string;
  /** Where a resource shows an item's fields: under `spec` (by default), or at its top. */
  readonly fields?: 'spec' | 'top';
}

/** Where status, and the metadata that an item has no place for, are kept. */
export type StatusOptions = { readonly inline: string } | { readonly side: string };

/** What every JSON store has. */
export interface DocumentOptions {
  readonly collections: readonly CollectionOptions[];
  readonly status?: StatusOptions;
  /** How deep the document may be nested; 100 by default. */
  readonly maxDepth?: number;
}

/** What a JSON store on a file has. */
export interface FileOptions extends DocumentOptions {
  /** Relative to the base directory. */
  readonly file: string;
  /** Bytes; 64 MiB by default. */
  readonly maxBytes?: number;
  /** Milliseconds that a file which does not parse, or is gone, is given to be whole again; 250 by default. */
  readonly settleMs?: number;
}

export const DEFAULT_MAX_DEPTH = 100;
export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
export const DEFAULT_SETTLE_MS = 250;

const text: JsonObject = { type: 'string', minLength: 1 };

const collection: JsonObject = {
  type: 'object',
  required: ['at', 'apiVersion', 'kind'],
  additionalProperties: false,
  properties: {
    at: {
      type: 'string',
      pattern: POINTER_PATTERN,
      description:
        'JSON Pointer to a list of objects, or to an object of objects; `""` is the whole document. Made when the first item is created.',
    },
    apiVersion: { ...text, description: 'The `apiVersion` that its items have as resources.' },
    kind: { ...text, description: 'The `kind` that its items have as resources.' },
    plural: {
      ...text,
      description: 'The plural of the kind, in lower case. Guessed from the kind when it is left out.',
    },
    container: {
      enum: ['list', 'mapping'],
      description:
        'Whether the items lie in a list or in a mapping (an object). `list` when `name` is given, else `mapping`.',
    },
    name: {
      ...text,
      description:
        'The property of an item that is its name, a text or a number: a key, or a JSON Pointer within the item. Needed for a list; items of a mapping are named by their keys without it.',
    },
    namespace: {
      ...text,
      description: 'The property of an item that is its namespace, likewise. Without it the kind has no namespaces.',
    },
    fields: {
      enum: ['spec', 'top'],
      default: 'spec',
      description: "Whether a resource shows its item's fields under `spec` or at its top, beside `metadata`.",
    },
  },
};

/** The options of a store of type `json`. */
export const JSON_OPTIONS_SCHEMA: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  description: 'An existing JSON file whose collections are seen as resources, and written back in its own shape.',
  type: 'object',
  required: ['file', 'collections'],
  additionalProperties: false,
  properties: {
    file: { ...text, description: 'The JSON file. Need not be there yet.' },
    collections: {
      type: 'array',
      minItems: 1,
      items: collection,
      description: 'Which parts of the document hold resources, and of what kind. No collection lies inside another.',
    },
    status: {
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
      description:
        'Where status is kept, with the labels, annotations, owner references and finalizers that an item has no place for. By default a file in the folder `.koreo` beside the document.',
      properties: {
        inline: { ...text, description: 'In each item, under this property.' },
        side: { ...text, description: 'In this file.' },
      },
    },
    maxBytes: {
      type: 'integer',
      minimum: 1,
      default: DEFAULT_MAX_BYTES,
      description: 'A larger document is neither read nor written.',
    },
    maxDepth: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: DEFAULT_MAX_DEPTH,
      description: 'A document that is nested deeper is neither read nor written.',
    },
    settleMs: {
      type: 'integer',
      minimum: 0,
      default: DEFAULT_SETTLE_MS,
      description:
        'Milliseconds that a document which does not parse, or is gone, is given to be whole again before that counts: editors save in several steps.',
    },
  },
};
