import { groupOf, type ResourceRef } from '../../kernel/index.js';
import { safeName, shortHash } from '../files/safe-name.js';

/**
 * The path of a new resource's file, as the pattern says. Whatever the resource's names are, the path stays below the root,
 * can be read again, and belongs to no other names (but for letter case).
 */
export function fillPattern(pattern: string, ref: ResourceRef): string {
  const { apiVersion, kind, namespace, name } = ref;
  const values: Readonly<Record<string, string>> = {
    namespace: namespace ?? '',
    kind,
    name,
    group: groupOf(apiVersion),
    version: apiVersion.slice(apiVersion.indexOf('/') + 1),
  };
  const filled = pattern.split('/').map((segment) => fillSegment(segment, values));
  return filled.filter((segment) => segment !== '').join('/');
}

function fillSegment(segment: string, values: Readonly<Record<string, string>>): string {
  const filled = segment.replace(/\{(\w+)\}/g, (_placeholder, key: string) => {
    const value = values[key] ?? '';
    return value === '' ? '' : safeName(value);
  });
  // Folders of this name are not looked into.
  return filled.toLowerCase() === 'node_modules' ? `${filled}~${shortHash(filled)}` : filled;
}
