import { randomUUID } from 'node:crypto';
import type { ApiCall } from './api-call.js';
import { ApiError, alreadyExists } from './api-error.js';
import { type ApiObject, keyOf, objectKey } from './api-object.js';
import { customKind, established } from './custom-kind.js';
import { isSameObject } from './field-managers.js';
import { checked, isNewGeneration, withSystemMetadata } from './object-rules.js';
import type { RevisionStore } from './revision-store.js';
import { type KindRegistry, resourceName, type ServedKind } from './served-kind.js';

const CRDS = 'customresourcedefinitions.apiextensions.k8s.io';

/** Takes objects in and lets them go, with what a server does on its own on the way: identity, generation, deletion. */
export class ObjectKeeper {
  readonly #objects: RevisionStore;
  readonly #kinds: KindRegistry;
  readonly #now: () => Date;

  constructor(objects: RevisionStore, kinds: KindRegistry, now: () => Date) {
    this.#objects = objects;
    this.#kinds = kinds;
    this.#now = now;
  }

  /** Now, as the server writes it. */
  time(): string {
    return this.#now().toISOString().replace(/\.\d+/, '');
  }

  find({ kind, target }: ApiCall): ApiObject | undefined {
    return this.#objects.get(resourceName(kind), objectKey(target.namespace, target.name ?? ''));
  }

  /** Takes in a new object. `track` notes its manager. @throws ApiError 404 without its namespace, 409, 422 */
  create(call: ApiCall, object: ApiObject, track: (object: ApiObject) => ApiObject): ApiObject {
    const { kind } = call;
    const { namespace } = call.target;
    if (namespace !== undefined && this.#objects.get('namespaces', namespace) === undefined) {
      throw new ApiError(404, `namespaces "${namespace}" not found`, { name: namespace, kind: 'namespaces' });
    }
    const {
      uid: _,
      deletionTimestamp: __,
      deletionGracePeriodSeconds: ___,
      generation: ____,
      ...given
    } = object.metadata;
    const metadata = {
      ...given,
      ...(namespace !== undefined && { namespace }),
      uid: randomUUID(),
      creationTimestamp: this.time(),
      ...(kind.counted && { generation: 1 }),
    };
    const { status, ...wanted } = object;
    const whole = { ...wanted, metadata, ...(kind.statusSubresource || status === undefined ? {} : { status }) };
    const accepted = track(checked(kind, whole as ApiObject));
    if (this.#objects.get(resourceName(kind), keyOf(accepted)) !== undefined) throw alreadyExists(kind, metadata.name);
    return isDryRun(call) ? accepted : this.#keep(kind, accepted);
  }

  /** Keeps what a write came to; nothing when that changes nothing. What waits for no finalizer any more goes. */
  change(call: ApiCall, before: ApiObject, given: ApiObject): ApiObject {
    const { kind } = call;
    const { apiVersion, metadata } = before;
    const { name, namespace, resourceVersion = '' } = metadata;
    const identity = { name, ...(namespace !== undefined && { namespace }), resourceVersion };
    const identified = { ...given, kind: kind.kind, metadata: { ...given.metadata, ...identity } };
    const accepted = checked(kind, withSystemMetadata(kind, before, identified));
    const generation = (metadata.generation ?? 0) + 1;
    const counted = isNewGeneration(kind, before, accepted)
      ? { ...accepted, metadata: { ...accepted.metadata, generation } }
      : accepted;
    const after = { ...counted, apiVersion };
    if (isSameObject(before, after)) return before;
    if (isDryRun(call)) return after;
    const isDone = after.metadata.deletionTimestamp !== undefined && !after.metadata.finalizers?.length;
    return isDone ? this.remove(kind, after) : this.#keep(kind, after);
  }

  /** Notes that an object is to go once those who wait have let go of it. */
  mark(kind: ServedKind, object: ApiObject, finalizers: readonly string[]): ApiObject {
    const deletion = { deletionTimestamp: this.time(), deletionGracePeriodSeconds: 0, finalizers: [...finalizers] };
    const { generation } = object.metadata;
    const counted = generation === undefined ? {} : { generation: generation + 1 };
    return this.#keep(kind, { ...object, metadata: { ...object.metadata, ...deletion, ...counted } });
  }

  /** Takes an object away, and what cannot be without it: the objects of a kind, and those in a namespace. */
  remove(kind: ServedKind, object: ApiObject): ApiObject {
    const name = resourceName(kind);
    if (name === CRDS) {
      const custom = customKind(object);
      this.#removeAll(custom, () => true);
      this.#kinds.remove(resourceName(custom));
    }
    if (name === 'namespaces') {
      for (const inside of this.#kinds.all()) {
        this.#removeAll(inside, ({ metadata }) => metadata.namespace === object.metadata.name);
      }
    }
    return this.#objects.remove(name, keyOf(object)) ?? object;
  }

  #keep(kind: ServedKind, object: ApiObject): ApiObject {
    if (resourceName(kind) !== CRDS) return this.#objects.put(resourceName(kind), keyOf(object), object);
    const accepted = object.status === undefined ? established(object, this.time()) : object;
    this.#kinds.add(customKind(accepted));
    return this.#objects.put(CRDS, keyOf(object), accepted);
  }

  #removeAll(kind: ServedKind, isMeant: (object: ApiObject) => boolean): void {
    const resource = resourceName(kind);
    for (const [key, object] of this.#objects.at(resource, this.#objects.revision)) {
      if (isMeant(object)) this.#objects.remove(resource, key);
    }
  }
}

function isDryRun({ query }: ApiCall): boolean {
  return query.get('dryRun') === 'All';
}
