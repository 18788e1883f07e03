import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type JsonObject, type ParsedFile, parseDocuments } from 'koreo-kernel';

/** Tests run from dist; what they read lies in the source tree. */
const ROOT = new URL('../../../../', import.meta.url);

/** A file of documents beside the tests. */
export interface SourceFile extends ParsedFile {
  /** Its name, without its folder. */
  readonly name: string;
  readonly text: string;
}

/** The absolute path of something in the project, by its path from the root. */
export function projectPath(path: string): string {
  return fileURLToPath(new URL(path, ROOT));
}

/** The files of a folder in the project, parsed, in the order of their names. */
export function sourceFiles(folder: string, extension: string): readonly SourceFile[] {
  const names = readdirSync(projectPath(folder)).filter((name) => name.endsWith(extension));
  if (names.length === 0) throw new Error(`${folder} holds no ${extension} file`);
  return names.sort().map((name) => sourceFile(folder, name));
}

function sourceFile(folder: string, name: string): SourceFile {
  const text = readFileSync(projectPath(`${folder}/${name}`), 'utf8');
  return { name, text, ...parseDocuments(text, { file: name }) };
}

/** The mappings that the documents of a file hold. */
export function mappingsIn(file: SourceFile): readonly JsonObject[] {
  return file.documents.flatMap(({ value }) => (value === undefined ? [] : [value]));
}
