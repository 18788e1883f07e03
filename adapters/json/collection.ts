import { guessPlural, gvkKey, type KindInfo, KoreoError, type Path } from '../../kernel/index.js';
import type { CollectionOptions, StatusOptions } from './json-options.js';
import { POINTER_PATTERN, parsePointer, parseProperty } from './json-pointer.js';

/** A part of a document that holds the resources of one kind. */
export interface Collection {
  /** The JSON Pointer that the configuration gives, for messages. */
  readonly at: string;
  readonly path: readonly string[];
  readonly info: KindInfo;
  readonly container: 'list' | 'mapping';
  /** The way to an item's name in it; absent where the key is the name. */
  readonly name?: Path;
  readonly namespace?: Path;
  readonly fields: 'spec' | 'top';
  /** The property of an item that holds status and metadata; absent where a side file does. */
  readonly inline?: string;
}

/** The options of a JSON store contradict themselves; the message lists everything that is wrong. */
export class JsonStoreOptionsError extends KoreoError {
  readonly code = 'json-store-options';
}

/** The collections that options describe. @throws JsonStoreOptionsError */
export function toCollections(
  options: readonly CollectionOptions[],
  status: StatusOptions | undefined,
): readonly Collection[] {
  const collections = options.map((one) => toCollection(one, status));
  const complaints = [...options.flatMap(complaintsOf), ...clashesOf(collections)];
  if (complaints.length > 0) throw new JsonStoreOptionsError(complaints.join('; '));
  return collections;
}

function toCollection(options: CollectionOptions, status: StatusOptions | undefined): Collection {
  const { at, apiVersion, kind, plural, container, name, namespace, fields } = options;
  return {
    at,
    path: parsePointer(at),
    info: { apiVersion, kind, plural: plural ?? guessPlural(kind), namespaced: namespace !== undefined },
    container: container ?? (name === undefined ? 'mapping' : 'list'),
    ...(name !== undefined && { name: parseProperty(name) }),
    ...(namespace !== undefined && { namespace: parseProperty(namespace) }),
    fields: fields ?? 'spec',
    ...(status !== undefined && 'inline' in status && { inline: status.inline }),
  };
}

function complaintsOf({ at, container, name, namespace }: CollectionOptions): readonly string[] {
  const pointers = [at, ...[name, namespace].filter((property) => property?.startsWith('/'))];
  const malformed = pointers.filter((pointer) => !new RegExp(POINTER_PATTERN).test(pointer ?? ''));
  const complaints = malformed.map((pointer) => `"${pointer}" is no JSON Pointer, such as /orders or /data/0/items`);
  if (container === 'list' && name === undefined) {
    complaints.push(`the collection at "${at}" is a list: say with \`name\` which property of an item is its name`);
  }
  return complaints;
}

function clashesOf(collections: readonly Collection[]): readonly string[] {
  return collections.flatMap((one, index) =>
    collections.slice(index + 1).flatMap((other) => {
      const complaints: string[] = [];
      if (gvkKey(one.info) === gvkKey(other.info)) {
        complaints.push(`two collections hold ${one.info.apiVersion} ${one.info.kind}: "${one.at}" and "${other.at}"`);
      }
      if (isInside(one.path, other.path) || isInside(other.path, one.path)) {
        complaints.push(`one collection lies inside the other: "${one.at}" and "${other.at}"`);
      }
      return complaints;
    }),
  );
}

function isInside(inner: readonly string[], outer: readonly string[]): boolean {
  return outer.every((segment, index) => inner[index] === segment);
}
