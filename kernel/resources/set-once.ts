import { getAt, getKey, isObject, type Json, type JsonObject } from '../model/json.js';
import { annotations } from '../model/names.js';

/** The JSON pointers (RFC 6901) of the values that the whole resource has and its lasting part lacks; a list is one value. */
export function setOncePointers(whole: JsonObject, lasting: JsonObject): readonly string[] {
  const pointers: string[] = [];
  const visit = (value: JsonObject, base: Json | undefined, pointer: string): void => {
    for (const key of Object.keys(value)) {
      const [item, known] = [value[key], isObject(base) ? getKey(base, key) : undefined];
      const place = pointerTo(pointer, key);
      if (isObject(item) && Object.keys(item).length > 0) visit(item, known, place);
      else if (known === undefined) pointers.push(place);
    }
  };
  visit(whole, lasting, '');
  return pointers;
}

/** The pointers that a resource has on record; anyone may have written nonsense there. */
export function recordedSetOnce(resource: JsonObject): readonly string[] {
  const text = getAt(resource, ['metadata', 'annotations', annotations.setOnce]);
  if (typeof text !== 'string') return [];
  try {
    const pointers: Json = JSON.parse(text);
    return Array.isArray(pointers) ? pointers.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

/** The pointer to a key of what another pointer leads to. */
export function pointerTo(parent: string, key: string): string {
  return `${parent}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
