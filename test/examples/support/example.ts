import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { JsonObject } from 'koreo-kernel';
import { parse } from 'yaml';
import { tempFolder } from '../../support/temp-folder.js';

const EXAMPLES = fileURLToPath(new URL('../../../../examples/', import.meta.url));
/** What examples leave behind when somebody has tried them. */
const MADE = new Set(['out', '.koreo']);

/** A copy of an example as a clone has it; gone after the test. */
export function copyExample(t: ExecutionContext, name: string): string {
  const folder = tempFolder(t);
  const source = join(EXAMPLES, name);
  const filter = (path: string): boolean =>
    !relative(source, path)
      .split(sep)
      .some((part) => MADE.has(part));
  cpSync(source, folder, { recursive: true, filter });
  return folder;
}

/** The text of a file in a folder; undefined while there is none. */
export function textOf(folder: string, path: string): string | undefined {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** What a file of YAML or JSON holds; undefined while there is none, and while it is half written. */
export function documentIn(folder: string, path: string): JsonObject | undefined {
  const text = textOf(folder, path);
  if (text === undefined || text === '') return undefined;
  return parse(text);
}

/** The paths of all files under a folder, sorted, without those of hidden folders. */
export function filesIn(folder: string): readonly string[] {
  return allFilesIn(folder).filter((path) => !path.split('/').some((part) => part.startsWith('.')));
}

/** Every file under a folder, with its bytes and the time of its last change: equal only if nothing at all was written. */
export function footprint(folder: string): Readonly<Record<string, string>> {
  const entries = allFilesIn(folder).map((path) => {
    const file = join(folder, path);
    return [path, `${statSync(file, { bigint: true }).mtimeNs} ${readFileSync(file, 'base64')}`];
  });
  return Object.fromEntries(entries);
}

/** Replaces a text in a file, as somebody with an editor does. */
export function edit(folder: string, path: string, from: string, to: string): void {
  const before = textOf(folder, path) ?? '';
  if (!before.includes(from)) throw new Error(`${path} does not hold ${from}`);
  writeFileSync(join(folder, path), before.replace(from, to));
}

function allFilesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/')).sort();
}
