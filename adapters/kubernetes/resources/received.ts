import type { Resource } from '../../../kernel/plugin.js';

/** A resource as the server sent it, without the record of who set which field: nobody here reads it from a cache. */
export function withoutManagedFields(resource: Resource): Resource {
  const { metadata } = resource;
  if (!('managedFields' in metadata)) return resource;
  const { managedFields: _left, ...kept } = metadata as typeof metadata & { managedFields: unknown };
  return { ...resource, metadata: kept };
}
