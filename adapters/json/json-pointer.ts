import type { Path } from '../../kernel/index.js';

/** The form of a JSON Pointer (RFC 6901), for schemas. `""` is the whole document. */
export const POINTER_PATTERN = '^(/([^/~]|~[01])*)*$';

/** The keys that a JSON Pointer names, unescaped. For pointers that {@link POINTER_PATTERN} has accepted. */
export function parsePointer(pointer: string): readonly string[] {
  return pointer === '' ? [] : pointer.slice(1).split('/').map(decode);
}

/** The keys that lead to a property: of a JSON Pointer when it begins with a slash, else the one key that it is. */
export function parseProperty(property: string): readonly string[] {
  return property.startsWith('/') ? parsePointer(property) : [property];
}

/** The JSON Pointer that leads along the path. */
export function formatPointer(path: Path): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function decode(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
