import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import {
  asResource,
  type DocumentLimits,
  errorMessage,
  formatPath,
  getAt,
  groupOf,
  isResource,
  KOREO_GROUP,
  type ParsedDocument,
  type Problem,
  parseDocuments,
} from '../../kernel/index.js';
import { UsageError } from '../usage-error.js';
import type { FoundResources } from './definition-reader.js';

/** The endings of files that may hold definitions. */
const READABLE = /\.(?:ya?ml|json|koreo|k|k\.ya?ml)$/i;
/** The endings of files that hold nothing else, so that one that cannot be read is never passed over. */
const DEFINITIONS_ONLY = /\.(?:koreo|k|k\.ya?ml)$/i;
/** The name of the store that definitions of files are told to come from. */
const FILES = 'files';
/** Folders that hold what others made: installed packages, and what begins with a dot. */
const PASSED_OVER = /^(?:node_modules|\..+)$/;

/** Where to read. Paths and the files that problems name are relative to `cwd`. */
export interface ReadRequest {
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly limits: DocumentLimits;
}

/** A file that could be read. */
export interface FileText {
  /** Its path as problems name it. */
  readonly file: string;
  readonly text: string;
  /** Whether it is meant to hold resources: the user named the file itself, or its ending says so. */
  readonly certain: boolean;
}

/** The texts of files, and what keeps others from being read. */
export interface FileTexts {
  readonly texts: readonly FileText[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the resources of files and folders (with all that is in them). In folders, a file of a general kind (YAML, JSON)
 * that does not name the group of definitions anywhere is passed over. @throws UsageError for a path that is not there
 */
export async function readFiles({ paths, cwd, limits }: ReadRequest): Promise<FoundResources> {
  const { texts, problems } = await readTexts({ paths, cwd });
  const read = texts.map((text) => readResources(text, limits));
  return {
    resources: read.flatMap(({ resources }) => resources),
    problems: [...problems, ...read.flatMap((one) => one.problems)],
  };
}

/** Reads the texts of files and folders, each file once. @throws UsageError for a path that is not there */
export async function readTexts({ paths, cwd }: Pick<ReadRequest, 'paths' | 'cwd'>): Promise<FileTexts> {
  const found = await Promise.all(paths.map((path) => findFiles(resolve(cwd, path), path)));
  const files = new Map(found.flat().map((file) => [file.path, file]));
  const read = await Promise.all([...files.values()].map((file) => readText(file, cwd)));
  return {
    texts: read.flatMap((one) => ('text' in one ? [one] : [])),
    problems: read.flatMap((one) => ('text' in one ? [] : [one])),
  };
}

/** Whether {@link readFiles} looks at files or folders of that name inside of a folder. */
export function isLookedAt(name: string, type: 'file' | 'folder'): boolean {
  return type === 'file' ? READABLE.test(name) : !PASSED_OVER.test(name);
}

interface FoundFile {
  readonly path: string;
  /** Whether the user named the file itself, and not a folder above it. */
  readonly named: boolean;
}

async function findFiles(path: string, shown: string): Promise<readonly FoundFile[]> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new UsageError(`there is no file or folder ${shown}`, { cause: error });
  });
  if (!stats.isDirectory()) return [{ path, named: true }];
  return (await filesIn(path)).map((file) => ({ path: file, named: false }));
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(async (entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return isLookedAt(entry.name, 'folder') ? filesIn(path) : [];
        return isLookedAt(entry.name, 'file') && (await isFile(entry, path)) ? [path] : [];
      }),
  );
  return found.flat();
}

/** Links to files are followed, links to folders are not: they may lead in a circle. */
async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

async function readText(file: FoundFile, cwd: string): Promise<FileText | Problem> {
  const shown = relative(cwd, file.path);
  try {
    const text = await readFile(file.path, 'utf8');
    return { file: shown, text, certain: file.named || DEFINITIONS_ONLY.test(file.path) };
  } catch (error) {
    const message = `The file cannot be read: ${errorMessage(error)}`;
    return { code: 'file-unreadable', message, location: { path: [], file: shown } };
  }
}

function readResources({ file, text, certain }: FileText, limits: DocumentLimits): FoundResources {
  // A list or a text in a file of a general kind is data that only mentions us.
  if (!certain && !text.includes(KOREO_GROUP)) return { resources: [], problems: [] };
  const { documents, problems } = parseDocuments(text, { file, limits });
  return {
    resources: documents.flatMap(({ value, origin }) =>
      value !== undefined && isResource(value) ? [{ resource: asResource(value), origin, store: FILES }] : [],
    ),
    problems: [
      ...problems.filter(({ code }) => certain || code !== 'document-value'),
      ...documents.flatMap((document) => nameless(document, file)),
    ],
  };
}

/** A document of our group without a kind or name is meant to be a definition; others may be anything. */
function nameless({ value, origin }: ParsedDocument, file: string): readonly Problem[] {
  const apiVersion = getAt(value, ['apiVersion']);
  if (value === undefined || isResource(value)) return [];
  if (typeof apiVersion !== 'string' || groupOf(apiVersion) !== KOREO_GROUP) return [];
  const missing = [['kind'], ['metadata', 'name']].filter((path) => {
    const found = getAt(value, path);
    return typeof found !== 'string' || found === '';
  });
  const message = `A definition needs ${missing.map(formatPath).join(' and ')}, as a text that is not empty.`;
  return [{ code: 'schema', message, location: { path: [], file, ...origin.locate?.([]) } }];
}
