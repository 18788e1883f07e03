import type { Observable } from 'rxjs';
import type { JsonObject, MaybePromise } from '../model/json.js';
import type { Origin } from '../model/location.js';
import type { Problem } from '../model/problem.js';
import type { GroupVersionKind, Resource, ResourceRef } from '../model/resource.js';
import type { ElectionOptions, LeaderElection } from './leadership.js';
import type { StoreActivity } from './store-activity.js';

/** What a store knows about a kind. */
export interface KindInfo extends GroupVersionKind {
  /** Lower-case plural, as in `kubectl get PLURAL`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** What people may call it for short: `deploy`. */
  readonly shortNames?: readonly string[];
  /** Whether the store keeps what is told of such a resource in a part of its own, as Kubernetes' status subresource. */
  readonly statusSubresource?: boolean;
  /**
   * Whether the store knows the owners of fields, so that {@link Store.apply} takes away what an earlier target set. What
   * `create` set beyond `lasting` is then on record in the annotation `koreo.dev/set-once`: a JSON list of JSON pointers.
   */
  readonly ownsFields?: boolean;
  /**
   * Whether its resources have a place for annotations; so when absent. Where they have none, what was last applied to a
   * resource is kept on the record of the trigger that it was applied for, and nothing else is ever put into its metadata.
   */
  readonly keepsAnnotations?: boolean;
}

/** Which resources: all of a kind, or those of one namespace. */
export interface Selector extends GroupVersionKind {
  readonly namespace?: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface ListOptions extends CallOptions {
  /** Resources that have these labels are enough. A store that cannot choose by labels gives all: look again. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface CreateOptions extends CallOptions, FieldOwnership {
  /**
   * The part of the new resource that later targets go on from. What is beyond it is set this once, and never taken away
   * by an {@link Store.apply} that does not hold it. Absent: there is nothing beyond.
   */
  readonly lasting?: Resource;
}

/** A field that somebody else had set last. `path` is as the store writes it (`.spec.replicas`), `manager` who set it. */
export interface ContestedField {
  readonly path: string;
  readonly manager: string;
}

/** For stores that know the owners of fields; all others ignore it. */
export interface FieldOwnership {
  /** Under which name the fields are owned; the store's own name for us when absent. */
  readonly manager?: string;
}

/** Guards of a write; each is checked in the same step as the write, so that nothing can come between. */
export interface WriteOptions extends CallOptions, FieldOwnership {
  /** The revision that the write was computed from. @throws ConflictError when it is no longer the current one */
  readonly revision?: string;
  /** The uid that the resource must have. @throws ConflictError when the name now belongs to another object */
  readonly uid?: string;
  /** Told of the fields that the write takes over from others, by a store that knows the owners of fields. */
  readonly onContested?: (fields: readonly ContestedField[]) => void;
  /**
   * What {@link Store.apply} does about fields that somebody else had set last, in a store that knows the owners of fields:
   * takes them over (the default), or refuses. @throws ConflictError that names them and their managers
   */
  readonly contested?: 'take' | 'refuse';
}

export interface StatusOptions extends WriteOptions {
  /**
   * The resource as it was seen last. A store that has to read it before it can write begins with this instead, and reads it
   * only when it turns out to be different by now.
   */
  readonly known?: Resource;
}

export interface DeleteOptions extends WriteOptions {
  /** What becomes of the resources that this one owns; stores without ownership ignore it. */
  readonly propagation?: 'background' | 'foreground' | 'orphan';
}

/** A list of resources, and the store's revision at which it was true. */
export interface ResourceList {
  readonly items: readonly Resource[];
  readonly revision: string;
}

/**
 * What the kernel tells about a trigger, apart from what its author wrote. Each part is a JSON merge patch (RFC 7396); a
 * store keeps both wherever it keeps what is not the author's (a status subresource, a side file), and shows them under
 * `status` and `metadata.annotations` of the resource.
 */
export interface StatusPatch {
  readonly status?: JsonObject;
  readonly annotations?: Readonly<Record<string, string | null>>;
  /** Finalizers that are to be there (true) or not (false). Stores that hold no deletions ignore them. */
  readonly finalizers?: Readonly<Record<string, boolean>>;
}

/** A word about a resource for the people who look after it, kept where they look: Kubernetes shows it as an Event. */
export interface Notice {
  readonly type: 'Normal' | 'Warning';
  /** Why, as one word in upper camel case: `Created`, `Failure`. */
  readonly reason: string;
  /** What was done or tried, as one word in upper camel case: `Reconcile`. */
  readonly action: string;
  /** For people; never holds data. */
  readonly message: string;
}

/** What a watch tells. After the initial resources comes `synced`, once; a healed watch tells what changed meanwhile as ordinary events. */
export type StoreEvent =
  | { readonly type: 'added' | 'modified'; readonly resource: Resource; readonly origin?: Origin }
  /** `resource` is the last that was known of it. */
  | { readonly type: 'deleted'; readonly resource: Resource }
  | { readonly type: 'synced' };

/** How a store is doing. `problems` holds what its user can mend: files that do not parse, with line and column. */
export interface StoreHealth {
  readonly state: 'starting' | 'healthy' | 'degraded';
  /** In a person's words: what it is waiting for. */
  readonly message?: string;
  readonly problems: readonly Problem[];
}

/**
 * A place that holds resources. Every adapter passes `storeContract` of `koreo-kernel/testing/contracts`.
 *
 * Every resource that a store gives has `apiVersion`, `kind`, `metadata.name`, `metadata.uid` (stable for the life of the
 * object) and `metadata.resourceVersion` (opaque; changes with every change). Resources given are never changed later.
 * All errors are {@link StoreError}s; an aborted call rejects with the signal's reason.
 */
export interface Store {
  /** The name by which the configuration's routing and `apiConfig.store` speak of it. */
  readonly name: string;
  /**
   * Whether a resource that is deleted while it has finalizers stays, marked with `deletionTimestamp`, until they are gone.
   * In other stores what is deleted is gone at once, and only the watch tells of it.
   */
  readonly holdsDeletion?: boolean;
  /** The current health, then every change of it. */
  readonly health: Observable<StoreHealth>;

  /** Every kind that the store holds or can hold, as far as it can list them. */
  kinds(options?: CallOptions): Promise<readonly KindInfo[]>;
  /**
   * One kind; undefined when the store cannot hold it. A store that can hold any kind derives what it does not know. One
   * that need not ask anybody answers at once, without a promise.
   */
  kind(gvk: GroupVersionKind, options?: CallOptions): MaybePromise<KindInfo | undefined>;

  get(ref: ResourceRef, options?: CallOptions): Promise<Resource | undefined>;
  list(selector: Selector, options?: ListOptions): Promise<ResourceList>;
  /** @throws AlreadyExistsError, InvalidResourceError, ForbiddenError, UnavailableError */
  create(resource: Resource, options?: CreateOptions): Promise<Resource>;
  /**
   * Makes the fields of the target so: maps merge, null removes, lists and scalars replace. A store that knows the owners
   * of fields also takes away what an earlier target set and this one does not. Writes nothing when nothing would change.
   * @throws NotFoundError, ConflictError, InvalidResourceError, ForbiddenError, UnavailableError
   */
  apply(target: Resource, options?: WriteOptions): Promise<Resource>;
  /**
   * What {@link apply}, or {@link create} where there is no such resource, would give, with the store's own checks and
   * defaults; writes nothing. Absent in stores that check and add nothing: there it is the target merged onto what is there.
   * Throws as both do.
   */
  preview?(target: Resource, options?: WriteOptions): Promise<Resource>;
  /** Applies a JSON merge patch (RFC 7396). Writes nothing when nothing would change. Throws as {@link apply} does. */
  patch(ref: ResourceRef, patch: JsonObject, options?: WriteOptions): Promise<Resource>;
  /** Records the kernel's view of a trigger without touching what its author wrote. Throws as {@link apply} does. */
  patchStatus(ref: ResourceRef, patch: StatusPatch, options?: StatusOptions): Promise<Resource>;
  /** Idempotent: deleting what is gone is done already. @throws ConflictError when `uid` or `revision` do not match */
  delete(ref: ResourceRef, options?: DeleteOptions): Promise<void>;

  /**
   * The present resources as `added`, then `synced`, then every change, a store's own writes at once. Cold; heals itself,
   * never completes, never errors. Events of one resource are in order; several changes may be told as one.
   */
  watch(selector: Selector): Observable<StoreEvent>;

  /**
   * The namespace that people mean when they name none, as kubectl has it: that of the context, or of the process's own
   * service account. Absent where all namespaces are meant then.
   */
  defaultNamespace?(options?: CallOptions): Promise<string>;
  /** Passes a word about a resource on to people, where the store has a place for that. Best effort: it never throws. */
  announce?(about: Resource, notice: Notice): void;
  /** What the store does on the wire, from when one listens; for metrics. Absent in stores that have no wire. */
  readonly activity?: Observable<StoreActivity>;
  /** Lets processes that share the store agree on one of them that acts. Absent where the store cannot. */
  election?(options: ElectionOptions): LeaderElection;

  /** Lets go of files, sockets and timers. Idempotent. */
  close(): Promise<void>;
}

export const STORES = Symbol.for('koreo.stores');
