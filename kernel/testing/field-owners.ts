import { getKey, isObject, type JsonObject, type MutableJsonObject, setKey } from '../model/json.js';
import { annotations } from '../model/names.js';
import { asJson, asResource, type Resource } from '../model/resource.js';
import { mergePatch } from '../resources/merge-patch.js';
import { setOncePointers } from '../resources/set-once.js';

/** Remembers what was applied to which object last, so that the next apply takes away what it lacks. Lists are values. */
export class FieldOwners {
  readonly #applied = new Map<string, JsonObject>();

  /** Takes note of a new object; gives it with what is to be on record about it. */
  created(resource: Resource, lasting: Resource | undefined): Resource {
    if (lasting === undefined) return resource;
    const pointers = setOncePointers(asJson(resource), asJson(lasting));
    const record = { metadata: { annotations: { [annotations.setOnce]: JSON.stringify(pointers) } } };
    return asResource(mergePatch(asJson(resource), record));
  }

  /** What an object was applied with from now on. */
  remember(uid: string | undefined, applied: Resource): void {
    if (uid !== undefined) this.#applied.set(uid, asJson(applied));
  }

  forget(uid: string | undefined): void {
    if (uid !== undefined) this.#applied.delete(uid);
  }

  /** The target as a merge patch that also removes what the last one set and this one does not. */
  patchFor(current: Resource, target: JsonObject): JsonObject {
    const { uid } = current.metadata;
    const before = uid === undefined ? undefined : this.#applied.get(uid);
    return before === undefined ? target : withRemovals(target, before, asJson(current));
  }
}

/** A mapping that was set goes with the last of what is in it. */
function withRemovals(now: JsonObject, before: JsonObject, actual: JsonObject): JsonObject {
  const patch: MutableJsonObject = {};
  for (const key of Object.keys(now)) setKey(patch, key, now[key] ?? null);
  for (const key of Object.keys(before)) {
    const [was, wanted, present] = [before[key], getKey(now, key), getKey(actual, key)];
    if (isObject(was) && isObject(present) && (wanted === undefined || isObject(wanted))) {
      const inner = withRemovals(wanted ?? {}, was, present);
      const empties = wanted === undefined && Object.keys(present).every((name) => getKey(inner, name) === null);
      setKey(patch, key, empties ? null : inner);
    } else if (wanted === undefined) {
      setKey(patch, key, null);
    }
  }
  return patch;
}
