import { Observable } from 'rxjs';
import {
  besideSpec,
  type CallOptions,
  type Clock,
  type CreateOptions,
  type DeleteOptions,
  type GroupVersionKind,
  gvkKey,
  InvalidResourceError,
  isObject,
  type JsonObject,
  type KindInfo,
  type Placement,
  type Resource,
  type ResourceHandler,
  type ResourceRef,
  refOf,
  type StoreEvent,
  UnknownKindError,
  UnknownStoreError,
  type WriteOptions,
} from '../../kernel/plugin.js';
import type { Found } from './mapping/item-mapping.js';
import type { ServedKind } from './served-kind.js';
import { KindPoll } from './watch/kind-poll.js';

/** What an {@link HttpHandler} is made of. */
export interface HttpHandlerParts {
  /** The name of the API. */
  readonly name: string;
  readonly clock: Clock;
  readonly kinds: readonly ServedKind[];
  readonly incident?: ((error: unknown) => void) | undefined;
  readonly close: () => Promise<void>;
}

/**
 * The items of one REST API as resources. Its errors are StoreErrors of the API's answers; it tries nothing twice. A write
 * that is guarded looks first, and is made conditional where the API gives strong entity tags.
 */
export class HttpHandler implements ResourceHandler {
  readonly name: string;
  readonly kinds: readonly GroupVersionKind[];
  readonly #clock: Clock;
  readonly #kinds: ReadonlyMap<string, ServedKind>;
  readonly #incident: (error: unknown) => void;
  readonly #close: () => Promise<void>;
  readonly #polls = new Map<ServedKind, Set<KindPoll>>();

  constructor({ name, clock, kinds, incident = () => undefined, close }: HttpHandlerParts) {
    this.name = name;
    this.kinds = kinds.map(({ info: { apiVersion, kind } }) => ({ apiVersion, kind }));
    this.#clock = clock;
    this.#kinds = new Map(kinds.map((kind) => [gvkKey(kind.info), kind]));
    this.#incident = incident;
    this.#close = close;
  }

  claims(gvk: GroupVersionKind): boolean {
    return this.#kinds.has(gvkKey(gvk));
  }

  /** @throws UnknownStoreError when `apiConfig.store` names another place */
  storeOf({ kind }: GroupVersionKind, { store = this.name }: Placement): string {
    if (store === this.name) return this.name;
    throw new UnknownStoreError(`a ${kind} is in the API ${this.name}, and not in '${store}': take \`store\` away`);
  }

  kind(gvk: GroupVersionKind): KindInfo | undefined {
    return this.#kinds.get(gvkKey(gvk))?.info;
  }

  async read(ref: ResourceRef, { signal }: CallOptions & Placement): Promise<Resource | undefined> {
    const kind = this.#kindOf(ref);
    kind.known.note(ref);
    return (await kind.api.read(ref, { signal }))?.resource;
  }

  async create(target: Resource, { signal }: CreateOptions & Placement): Promise<Resource> {
    const ref = refOf(target);
    const kind = this.#kindOf(ref);
    return this.#written(kind, await kind.api.create(ref, specOf(target), { signal }));
  }

  async apply(target: Resource, { signal, uid, revision }: WriteOptions & Placement): Promise<Resource> {
    const ref = refOf(target);
    const kind = this.#kindOf(ref);
    return this.#written(kind, await kind.api.update(ref, specOf(target), { uid, revision }, { signal }));
  }

  async patch(
    ref: ResourceRef,
    patch: JsonObject,
    { signal, uid, revision }: WriteOptions & Placement,
  ): Promise<Resource> {
    const kind = this.#kindOf(ref);
    const { apiVersion, kind: name } = ref;
    const target = { ...patch, apiVersion, kind: name } as Partial<Resource>;
    return this.#written(kind, await kind.api.update(ref, specOf(target), { uid, revision }, { signal }));
  }

  async remove(ref: ResourceRef, { signal, uid, revision }: DeleteOptions & Placement): Promise<void> {
    const kind = this.#kindOf(ref);
    await kind.api.delete(ref, { uid, revision }, { signal });
    for (const poll of this.#polls.get(kind) ?? []) poll.noteDeletion();
  }

  watch(gvk: GroupVersionKind): Observable<StoreEvent> {
    const kind = this.#kindOf(gvk);
    return new Observable((subscriber) => {
      const { survey, everyMs, longestMs } = kind;
      const onFailure = this.#incident;
      const poll = new KindPoll({ survey: survey(), clock: this.#clock, everyMs, longestMs, onFailure }, subscriber);
      const polls = this.#polls.get(kind) ?? new Set();
      this.#polls.set(kind, polls.add(poll));
      void poll.run();
      return () => {
        poll.stop();
        polls.delete(poll);
      };
    });
  }

  /** Ends what is under way, and lets go of connections and timers. Idempotent. */
  async close(): Promise<void> {
    for (const polls of this.#polls.values()) for (const poll of polls) poll.stop();
    await this.#close();
  }

  #written(kind: ServedKind, found: Found): Resource {
    kind.known.note(refOf(found.resource));
    for (const poll of this.#polls.get(kind) ?? []) poll.note(found);
    return found.resource;
  }

  #kindOf(gvk: GroupVersionKind): ServedKind {
    const kind = this.#kinds.get(gvkKey(gvk));
    if (kind !== undefined) return kind;
    throw new UnknownKindError(`the API ${this.name} has no kind ${gvk.kind} in ${gvk.apiVersion}`);
  }
}

/** What a target wants of an item, as a copy: what becomes of the target meanwhile does not matter. @throws InvalidResourceError for what an item has no place for */
function specOf(target: Partial<Resource>): JsonObject {
  const { kind, spec = {} } = target;
  const homeless = besideSpec(target);
  if (homeless.length > 0) {
    throw new InvalidResourceError(
      `an item has no place for ${homeless.join(', ')} of a ${String(kind)}: only for its spec`,
    );
  }
  if (!isObject(spec)) throw new InvalidResourceError(`the spec of a ${String(kind)} is no mapping`);
  return structuredClone(spec);
}
