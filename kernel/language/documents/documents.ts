import { Buffer } from 'node:buffer';
import type { Node } from 'jsonc-parser';
import type { ReadLimits } from '../../contracts/store-type.js';
import { isObject, type Json, type JsonObject, typeName } from '../../model/json.js';
import type { Origin, Position } from '../../model/location.js';
import { firstProblems, type Problem } from '../../model/problem.js';
import { DEFAULT_DOCUMENT_LIMITS } from '../prepare-context.js';
import { JsonOrigin, readJsonDocument } from './json-document.js';
import { BYTE_ORDER_MARK, LineIndex } from './line-index.js';
import { type Chunk, splitYaml } from './yaml-chunks.js';
import { YamlOrigin } from './yaml-origin.js';
import { type Complaint, parseYamlTree, type YamlDocument } from './yaml-tree.js';
import { YamlReader } from './yaml-value.js';

/** One document of a file. Documents without content (nothing, or comments only) are not counted among them. */
export interface ParsedDocument {
  /** The document's mapping, frozen; absent when it has a problem. */
  readonly value?: JsonObject;
  /** Finds the document's fields in the file, also when it has problems. */
  readonly origin: Origin;
  /** What is wrong with this document alone. */
  readonly problems: readonly Problem[];
  /** Where it stands in the text given, from its first directive or comment to its end; offsets in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** The documents of a file, in order, and everything that is wrong with any of them. */
export interface ParsedFile {
  readonly documents: readonly ParsedDocument[];
  readonly problems: readonly Problem[];
}

/** What {@link parseDocuments} needs to know of a file. A name that ends in `.json` makes it JSON, any other YAML. */
export interface ParseOptions {
  readonly file: string;
  readonly limits?: ReadLimits;
}

/**
 * Reads the documents of a file: YAML 1.2 (core schema, several documents) or strict JSON. Never throws: what cannot be
 * read is a problem with line and column, and spoils no other document of the file. Messages hold nothing of the data.
 */
export function parseDocuments(text: string, { file, limits = DEFAULT_DOCUMENT_LIMITS }: ParseOptions): ParsedFile {
  const lines = new LineIndex(text);
  const documents = /\.json$/i.test(file)
    ? [parseJson(text, { file, lines, limits })]
    : splitYaml(text).map((chunk) => parseYaml(text, chunk, { file, lines, limits }));
  const found = documents.filter((document) => document !== undefined);
  return { documents: found, problems: found.flatMap((document) => document.problems) };
}

interface FileContext {
  readonly file: string;
  readonly lines: LineIndex;
  readonly limits: ReadLimits;
}

function parseJson(text: string, { file, lines, limits }: FileContext): ParsedDocument | undefined {
  const start = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  // A space in the mark's place keeps every offset.
  const content = start === 0 ? text : ` ${text.slice(start)}`;
  const { complaints, tree, value } = sizeComplaint<Node>(content, limits) ?? readJsonDocument(content, limits);
  if (value === undefined && complaints.length === 0) return undefined;
  const locate = (offset: number): Position => lines.positionAt(offset);
  const origin = tree === undefined ? startOrigin(file, locate) : new JsonOrigin({ file, text: content, lines }, tree);
  return { start, end: text.length, origin, ...judge(value, complaints, { file, origin, locate }) };
}

function parseYaml(text: string, chunk: Chunk, { file, lines, limits }: FileContext): ParsedDocument | undefined {
  const source = text.slice(chunk.start, chunk.end);
  const { complaints, tree, value } = sizeComplaint<YamlDocument>(source, limits) ?? readYaml(source, limits);
  if ((value === undefined || value === null) && complaints.length === 0) return undefined;
  const locate = (offset: number): Position => lines.positionAt(chunk.start + offset);
  const origin = tree === undefined ? startOrigin(file, locate) : new YamlOrigin({ file, text, lines }, chunk, tree);
  return { start: chunk.start, end: chunk.end, origin, ...judge(value, complaints, { file, origin, locate }) };
}

interface Reading<Tree> {
  readonly value: Json | undefined;
  /** Absent when the document is over a limit: then nothing of it is looked at again. */
  readonly tree?: Tree;
  readonly complaints: readonly Complaint[];
}

function sizeComplaint<Tree>(text: string, { documentBytes }: ReadLimits): Reading<Tree> | undefined {
  // Three bytes at most for each code unit: short texts need no counting.
  if (text.length * 3 <= documentBytes || Buffer.byteLength(text) <= documentBytes) return undefined;
  const message = `is larger than the limit of ${documentBytes} bytes (limits.documentBytes)`;
  return { value: undefined, complaints: [{ code: 'document-limit', message, offset: 0 }] };
}

function readYaml(source: string, limits: ReadLimits): Reading<YamlDocument> {
  const { document, complaints } = parseYamlTree(source, limits);
  if (document === undefined) return { value: undefined, complaints };
  if (complaints.length > 0) return { value: undefined, tree: document, complaints };
  const reader = new YamlReader(limits);
  const value = reader.read(document.contents);
  return { value, tree: document, complaints: reader.complaints };
}

/** The origin of a document of which nothing is known but where it begins. */
function startOrigin(file: string, locate: (offset: number) => Position): Origin {
  return { file, locate: () => locate(0) };
}

interface Judge {
  readonly file: string;
  readonly origin: Origin;
  locate(offset: number): Position;
}

function judge(
  value: Json | undefined,
  complaints: readonly Complaint[],
  { file, origin, locate }: Judge,
): Pick<ParsedDocument, 'value' | 'problems'> {
  const problems = complaints.map(
    ({ code, message, offset }): Problem => ({
      code,
      message: `The document ${message}.`,
      location: { path: [], file, ...locate(offset) },
    }),
  );
  if (problems.length > 0) return { problems: firstProblems(problems) };
  if (isObject(value)) return { value, problems };
  const message = `The document is not a mapping but a ${typeName(value)}: it should hold a resource (apiVersion, kind, metadata).`;
  return { problems: [{ code: 'document-value', message, location: { path: [], file, ...origin.locate?.([]) } }] };
}
