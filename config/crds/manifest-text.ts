import { stringify } from 'yaml';
import type { JsonObject } from '../../kernel/index.js';

/** Manifests as one YAML text, a document each, without aliases. */
export function manifestText(manifests: readonly JsonObject[]): string {
  return manifests.map((one) => stringify(one, { aliasDuplicateObjects: false, lineWidth: 0 })).join('---\n');
}
