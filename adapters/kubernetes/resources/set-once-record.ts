import { annotations, asJson, asResource, mergePatch, type Resource, setOncePointers } from '../../../kernel/index.js';

/** A resource that is to be created, with the record of what of it is beyond its lasting part. */
export function withSetOnce(resource: Resource, lasting: Resource): Resource {
  const pointers = setOncePointers(asJson(resource), asJson(lasting));
  if (pointers.length === 0) return resource;
  const record = { metadata: { annotations: { [annotations.setOnce]: JSON.stringify(pointers) } } };
  return asResource(mergePatch(asJson(resource), record));
}
