import type { ResourceHandler } from '../contracts/resource-handler.js';
import type { KindInfo } from '../contracts/store.js';
import { AlreadyExistsError, NotFoundError } from '../contracts/store-errors.js';
import { isObject, type JsonObject } from '../model/json.js';
import { guessPlural } from '../model/plural.js';
import {
  asJson,
  asResource,
  formatRef,
  type GroupVersionKind,
  type Resource,
  type ResourceRef,
  refKey,
  refOf,
} from '../model/resource.js';
import { mergePatch } from '../resources/merge-patch.js';

/** What was sent to a simulated store, in the form in which it was sent. */
export type Sent = { readonly type: 'create' | 'patch'; readonly target: JsonObject } | { readonly type: 'delete' };

/**
 * A store that holds at most one resource and does with it what any store does; what is sent to it is remembered. It adds
 * nothing of its own, so that a test sees only what its author and the Function wrote.
 */
export class SimulatedHandler implements ResourceHandler {
  readonly name = 'simulated';
  readonly sent: Sent[] = [];
  #given: JsonObject | undefined;
  #held: JsonObject | undefined;

  /** @param given the resource that is there; what it lacks of apiVersion, kind, name and namespace is that of the first one that is read */
  constructor(given: JsonObject | undefined) {
    this.#given = given;
    this.#held = given;
  }

  /** What was there at first, under the name by which it was read. */
  get given(): JsonObject | undefined {
    return this.#given;
  }

  /** What is there now. */
  get held(): JsonObject | undefined {
    return this.#held;
  }

  claims(): boolean {
    return true;
  }

  storeOf(): string {
    return this.name;
  }

  async kind({ apiVersion, kind }: GroupVersionKind): Promise<KindInfo> {
    return { apiVersion, kind, plural: guessPlural(kind), namespaced: true };
  }

  async read(ref: ResourceRef): Promise<Resource | undefined> {
    if (this.#given !== undefined) {
      this.#given = withIdentity(this.#given, ref);
      this.#held = this.#given;
    }
    return this.#find(ref);
  }

  async create(target: Resource): Promise<Resource> {
    if (this.#find(refOf(target)) !== undefined)
      throw new AlreadyExistsError(`${formatRef(refOf(target))} exists already`);
    this.sent.push({ type: 'create', target: asJson(target) });
    this.#held = asJson(target);
    return target;
  }

  async apply(target: Resource): Promise<Resource> {
    return this.#merge(refOf(target), asJson(target));
  }

  async patch(ref: ResourceRef, patch: JsonObject): Promise<Resource> {
    return this.#merge(ref, patch);
  }

  async remove(ref: ResourceRef): Promise<void> {
    if (this.#find(ref) === undefined) return;
    this.sent.push({ type: 'delete' });
    this.#held = undefined;
  }

  #merge(ref: ResourceRef, change: JsonObject): Resource {
    const current = this.#find(ref);
    if (current === undefined) throw new NotFoundError(`${formatRef(ref)} does not exist`);
    this.sent.push({ type: 'patch', target: change });
    this.#held = mergePatch(asJson(current), change);
    return asResource(this.#held);
  }

  #find(ref: ResourceRef): Resource | undefined {
    if (this.#held === undefined) return undefined;
    const held = asResource(this.#held);
    return refKey(refOf(held)) === refKey(ref) ? held : undefined;
  }
}

/** The resource with what it lacks to be one. */
function withIdentity(resource: JsonObject, { apiVersion, kind, name, namespace }: ResourceRef): JsonObject {
  const metadata = isObject(resource.metadata) ? resource.metadata : {};
  const place = namespace === undefined ? { name } : { name, namespace };
  return { apiVersion, kind, ...resource, metadata: { ...place, ...metadata } };
}
