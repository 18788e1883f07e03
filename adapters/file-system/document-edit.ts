import {
  DEFAULT_DOCUMENT_LIMITS,
  equalJson,
  getAt,
  InvalidResourceError,
  type JsonObject,
  type ParsedDocument,
  parseDocuments,
} from '../../kernel/index.js';
import { printJson } from '../files/json-printer.js';
import { JsonText } from '../files/json-text.js';
import { nextEdit } from './json-edit.js';
import { renderDocument } from './yaml-render.js';
import { rewriteYaml } from './yaml-rewrite.js';
import { spliceYaml } from './yaml-splice.js';

/** What a document is written in. */
export type DocumentFormat = 'yaml' | 'json';

/** The format of a file, by its name. */
export function formatOf(path: string): DocumentFormat {
  return /\.json$/i.test(path) ? 'json' : 'yaml';
}

/**
 * The text of a new document. @throws InvalidResourceError for a value that would not be read back as it is: too large,
 * too deep, or nothing that text can hold
 */
export function newDocument(value: JsonObject, format: DocumentFormat): string {
  const text = format === 'json' ? `${JSON.stringify(value, undefined, 2)}\n` : renderDocument(value);
  if (reads(text, format, value)) return text;
  throw new InvalidResourceError(
    'the resource cannot be written so that it is read back as it is; is it too large or too deep?',
  );
}

/**
 * The text of a document changed to another value, with as little of the text changed as can be. Every result is read
 * back and compared before it is given. @throws InvalidResourceError as {@link newDocument} does
 */
export function editDocument(text: string, wanted: JsonObject, format: DocumentFormat): string {
  for (const edit of format === 'json' ? [editJson] : [spliceAll, rewriteYaml]) {
    const edited = edit(text, wanted);
    if (edited !== undefined && reads(edited, format, wanted)) return edited;
  }
  const marker = format === 'yaml' ? (/^---[ \t]*\r?\n/m.exec(text)?.[0] ?? '') : '';
  return marker + newDocument(wanted, format);
}

function editJson(text: string, wanted: JsonObject): string {
  return printJson(JsonText.parse(text, DEFAULT_DOCUMENT_LIMITS.documentDepth), wanted);
}

/** The edits after which a document is rather printed anew: each is found and checked by reading the whole of it. */
const MAXIMUM_EDITS = 200;
/** The same for large documents: characters read in all. */
const MAXIMUM_READ = 20_000_000;

function spliceAll(text: string, wanted: JsonObject): string | undefined {
  let edited = text;
  for (let count = 0; count < MAXIMUM_EDITS && count * text.length < MAXIMUM_READ; count += 1) {
    const value = readDocument(edited, 'yaml')?.value;
    const edit = value && nextEdit(value, wanted);
    if (edit === undefined) return value && edited;
    const next = spliceYaml(edited, edit, (path) => getAt(wanted, path));
    if (next === undefined || next === edited) return undefined;
    edited = next;
  }
  return undefined;
}

function reads(text: string, format: DocumentFormat, wanted: JsonObject): boolean {
  return isWellFormed(text) && equalJson(readDocument(text, format)?.value, wanted);
}

function readDocument(text: string, format: DocumentFormat): ParsedDocument | undefined {
  const { documents, problems } = parseDocuments(text, { file: `document.${format}` });
  return documents.length === 1 && problems.length === 0 ? documents[0] : undefined;
}

/** Half a surrogate pair would be another character once it is UTF-8. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
