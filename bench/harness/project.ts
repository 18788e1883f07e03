import { fileURLToPath } from 'node:url';

/** A file of the project by its path from the project's root. */
export function inProject(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}
