import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  type DocumentLimits,
  formatRef,
  hasKey,
  type JsonObject,
  type ParsedDocument,
  type Problem,
  parseDocuments,
  refKey,
  refOf,
} from '../../kernel/index.js';
import { type FileText, readTexts } from '../definitions/read-files.js';
import { type Manifest, manifestsIn } from './manifest.js';

/** The word for standard input, and what problems call it. */
const STDIN = '-';
const STDIN_NAME = 'standard input';

/** Where to read. Paths and the files that problems name are relative to `cwd`. */
export interface ManifestRequest {
  /** Files, folders, and `-` for standard input. */
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly stdin: Readable;
  readonly limits: DocumentLimits;
}

/** The resources of the files, in their order, and what is wrong with the files. */
export interface Manifests {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
}

/**
 * Reads every resource of files, folders and standard input. A file in a folder that holds no resource at all, neither
 * `apiVersion` nor `kind`, is somebody else's and no trouble. @throws UsageError for a path that is not there
 */
export async function readManifests({ paths, cwd, stdin, limits }: ManifestRequest): Promise<Manifests> {
  const { texts, problems } = await readTexts({ paths: paths.filter((path) => path !== STDIN), cwd });
  const piped = paths.includes(STDIN) ? [{ file: STDIN_NAME, text: await text(stdin), certain: true }] : [];
  const read = [...texts, ...piped].map((one) => manifestsOf(one, limits));
  const manifests = read.flatMap((one) => one.manifests);
  return { manifests, problems: [...problems, ...read.flatMap((one) => one.problems), ...doubles(manifests)] };
}

function manifestsOf({ file, text: content, certain }: FileText, limits: DocumentLimits): Manifests {
  const { documents, problems } = parseDocuments(content, { file, limits });
  const read = documents.map((document) => documentManifests(document, certain));
  return {
    manifests: read.flatMap((one) => one.manifests),
    problems: [
      ...problems.filter(({ code }) => certain || code !== 'document-value'),
      ...read.flatMap((one) => one.problems),
    ],
  };
}

function documentManifests({ value, origin }: ParsedDocument, certain: boolean): Manifests {
  if (value === undefined || (!certain && !looksLikeOurs(value))) return { manifests: [], problems: [] };
  return manifestsIn(value, origin);
}

function looksLikeOurs(value: JsonObject): boolean {
  return hasKey(value, 'apiVersion') || hasKey(value, 'kind');
}

/** The second of two would take back what the first one says. */
function doubles(manifests: readonly Manifest[]): readonly Problem[] {
  const seen = new Set<string>();
  return manifests.flatMap(({ resource, origin }) => {
    const ref = refOf(resource);
    const key = refKey(ref);
    const isNew = !seen.has(key);
    seen.add(key);
    if (isNew) return [];
    const location = {
      path: [],
      ...(origin?.file === undefined ? {} : { file: origin.file }),
      ...origin?.locate?.([]),
    };
    return [
      {
        code: 'duplicate',
        message: 'stands in the files a second time; remove one',
        subject: formatRef(ref),
        location,
      },
    ];
  });
}
