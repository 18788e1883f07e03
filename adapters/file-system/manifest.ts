import { isMap } from 'yaml';
import {
  getAt,
  hasKey,
  isResource,
  type JsonObject,
  type Origin,
  type ParsedDocument,
  type Problem,
  parseDocuments,
  type ReadLimits,
  type ResourceRef,
  refKey,
} from '../../kernel/index.js';
import type { FileStamp } from '../files/file-stamp.js';
import { formatOf } from './document-edit.js';
import type { ResourceScope } from './resource-scope.js';
import { parseYaml } from './yaml-tree.js';

/** A resource as one document of a file says it. */
export interface ManifestDocument {
  readonly ref: ResourceRef;
  /** The reference as a text. */
  readonly key: string;
  /** What the author wrote, frozen. */
  readonly authored: JsonObject;
  /** The line on which it begins. */
  readonly line: number;
}

/** What a file of manifests holds. Its text is not kept. */
export interface Manifest {
  readonly path: string;
  readonly stamp: FileStamp;
  readonly revision: string;
  /** In the order of the file; those that it held when it could last be read come last, as long as something in it cannot. */
  readonly documents: readonly ManifestDocument[];
  readonly problems: readonly Problem[];
  /** Something in it cannot be read: there may be resources that nobody sees. */
  readonly broken: boolean;
  /** It may only be half written: what is wrong with it is not told before it has been looked at again. */
  readonly unsettled: boolean;
}

/** A document of a text, with its place in it. */
export interface LocatedDocument {
  readonly document: ManifestDocument;
  readonly origin: Origin;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
}

/** What the text of a file says. */
export interface ParsedManifest {
  readonly documents: readonly LocatedDocument[];
  /** How many documents there are, also such as are no resources or cannot be read. */
  readonly count: number;
  readonly problems: readonly Problem[];
  /** Some of it cannot be read. */
  readonly broken: boolean;
}

/** How a text is read. */
export interface ManifestContext {
  readonly scope: ResourceScope;
  /** What a document may hold; the defaults when absent. */
  readonly limits?: ReadLimits | undefined;
}

/** Reads the resources of a text. What is no resource, and does not look like one, is somebody else's and left alone. */
export function parseManifest(path: string, text: string, { scope, limits }: ManifestContext): ParsedManifest {
  const { documents } = parseDocuments(text, { file: path, ...(limits && { limits }) });
  const found: LocatedDocument[] = [];
  const problems: Problem[] = [];
  const lines = new LineCounter(text);
  let broken = false;
  for (const parsed of documents) {
    const { value, origin, start, end } = parsed;
    const line = lines.lineAt(start);
    if (value === undefined) {
      if (isForeign(parsed, path, text)) continue;
      problems.push(...parsed.problems);
      broken = true;
    } else {
      const flaw = flawOf(value);
      if (flaw === undefined) found.push({ document: documentOf(value, line, scope), origin, start, end });
      else if (looksLikeResource(value)) problems.push(problemAt(path, origin, flaw));
    }
  }
  return { documents: found, count: documents.length, problems, broken };
}

/** Not an object: a list of data, a text. Told from a manifest that is damaged by its being well-formed. */
function isForeign({ problems, start, end }: ParsedDocument, path: string, text: string): boolean {
  if (problems.length !== 1 || problems[0]?.code !== 'document-value') return false;
  const { contents, errors } = parseYaml(text.slice(start, end));
  return errors.length === 0 && !isMap(contents) && (formatOf(path) === 'yaml' || contents !== null);
}

function looksLikeResource(value: JsonObject): boolean {
  return hasKey(value, 'apiVersion') || hasKey(value, 'kind');
}

function flawOf(value: JsonObject): { readonly path: readonly string[]; readonly message: string } | undefined {
  const namespace = getAt(value, ['metadata', 'namespace']);
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string') {
    return { path: ['metadata', 'namespace'], message: 'metadata.namespace is not a text; put it in quotes' };
  }
  if (isResource(value)) return undefined;
  const path = [['apiVersion'], ['kind'], ['metadata', 'name']].find((one) => {
    const found = getAt(value, one);
    return typeof found !== 'string' || found === '';
  });
  const field = (path ?? []).join('.');
  const found = getAt(value, path ?? []);
  const lack = found === undefined || found === null || found === '' ? 'is missing' : 'is not a text; put it in quotes';
  return { path: path ?? [], message: `${field} ${lack}` };
}

function problemAt(path: string, origin: Origin, flaw: { path: readonly string[]; message: string }): Problem {
  const message = `The document is no resource: ${flaw.message}.`;
  return {
    code: 'not-a-resource',
    message,
    location: { path: flaw.path, file: path, ...origin.locate?.(flaw.path) },
  };
}

function documentOf(value: JsonObject, line: number, scope: ResourceScope): ManifestDocument {
  const { apiVersion, kind } = value as { apiVersion: string; kind: string };
  const name = getAt(value, ['metadata', 'name']) as string;
  const namespace = getAt(value, ['metadata', 'namespace']);
  const ref = scope.refOf({ apiVersion, kind }, name, typeof namespace === 'string' ? namespace : undefined);
  return { ref, key: refKey(ref), authored: value, line };
}

/** Counts lines on the way through a text, for the first line of each document that says something. */
class LineCounter {
  #offset = 0;
  #line = 1;

  constructor(readonly text: string) {}

  /** @param offset not before the last one asked for */
  lineAt(offset: number): number {
    for (; this.#offset < offset; this.#offset += 1) if (this.text[this.#offset] === '\n') this.#line += 1;
    const prelude = /^(?:(?:[ \t]*(?:#[^\n]*)?|%[^\n]*|---[ \t]*(?:#[^\n]*)?)\r?\n)*/.exec(
      this.text.slice(offset, offset + 10_000),
    );
    return this.#line + (prelude?.[0].split('\n').length ?? 1) - 1;
  }
}
