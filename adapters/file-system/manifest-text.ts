import { InvalidResourceError, type JsonObject } from '../../kernel/index.js';
import { editDocument, formatOf, newDocument } from './document-edit.js';
import type { LocatedDocument, ParsedManifest } from './manifest.js';

/** A file's text with one document changed; all else stays byte for byte. @throws InvalidResourceError */
export function withDocument(path: string, text: string, at: LocatedDocument, authored: JsonObject): string {
  return (
    text.slice(0, at.start) + editDocument(text.slice(at.start, at.end), authored, formatOf(path)) + text.slice(at.end)
  );
}

/** A file's text with one more document at its end; all else stays. @throws InvalidResourceError, also for a JSON file, which holds one */
export function withNewDocument(path: string, text: string, parsed: ParsedManifest, authored: JsonObject): string {
  const document = newDocument(authored, formatOf(path));
  if (text.trim() === '') return document;
  if (formatOf(path) === 'json') {
    throw new InvalidResourceError(
      `${path} holds something else already, and a JSON file holds one resource: change the store's pattern, or that file`,
    );
  }
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const marker = parsed.count === 0 ? '' : '---\n';
  return text + (text.endsWith('\n') ? '' : eol) + `${marker}${document}`.replaceAll('\n', eol);
}

/** A file's text without one of its documents; undefined when nothing else is in it. */
export function withoutDocument(text: string, at: LocatedDocument, parsed: ParsedManifest): string | undefined {
  return parsed.count === 1 ? undefined : text.slice(0, at.start) + text.slice(at.end);
}
