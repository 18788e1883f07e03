import {
  annotations,
  asJson,
  asResource,
  ConflictError,
  equalJson,
  gvkKey,
  type JsonObject,
  type KindInfo,
  mergePatch,
  NotFoundError,
  pointerTo,
  type Resource,
  type ResourceRef,
  recordedSetOnce,
  refOf,
  type WriteOptions,
} from '../../../kernel/index.js';
import { FieldConflictError, OmittedKeyError, UnsupportedError } from '../api/api-errors.js';
import { checkGuards, withGuards } from './guards.js';
import { ManagedFields } from './managed-fields.js';
import { withoutManagedFields } from './received.js';
import type { ResourceClient } from './resource-client.js';
import { removalOfNulls, settable, together, withoutNulls } from './targets.js';
import { type WriteRules, wayOf } from './write-way.js';
import type { MergeOptions, Writer } from './writer.js';

/** What an {@link Applier} needs of the store's options. */
export interface ApplierOptions extends WriteRules {
  readonly fieldManager: string;
  readonly conflicts: 'take' | 'refuse';
}

/** How often the owners of fields are put in order again when somebody else writes in between. */
const TRIES = 5;

/** The record of what was set once is kept, whatever targets say. */
const RECORD = pointerTo('/metadata/annotations', annotations.setOnce);

/** Makes resources as targets say: by server-side apply, or by merge patch for the kinds that are to be, or can only be, written so. */
export class Applier {
  readonly #resources: ResourceClient;
  readonly #writer: Writer;
  readonly #options: ApplierOptions;
  /** Kinds that have refused server-side apply. */
  readonly #unable = new Set<string>();
  /** What was said of each kind, so that the same is said again by the same object. */
  readonly #described = new WeakMap<KindInfo, KindInfo>();

  constructor(resources: ResourceClient, writer: Writer, options: ApplierOptions) {
    this.#resources = resources;
    this.#writer = writer;
    this.#options = options;
  }

  /** What is known of a kind, with whether an apply takes away what an earlier target set. */
  described(info: KindInfo): KindInfo {
    const ownsFields = this.#owns(info);
    const known = this.#described.get(info);
    if (known?.ownsFields === ownsFields) return known;
    const described = { ...info, ownsFields };
    this.#described.set(info, described);
    return described;
  }

  /** @throws NotFoundError, ConflictError, InvalidResourceError, ForbiddenError, UnavailableError */
  async apply(info: KindInfo, given: Resource, options: WriteOptions): Promise<Resource> {
    const target = settable(given, info);
    if (this.#owns(info)) {
      try {
        return await this.#apply(info, given, target, options);
      } catch (error) {
        if (!(error instanceof UnsupportedError)) throw error;
        this.#unable.add(gvkKey(info));
      }
    }
    const manager = options.manager ?? this.#options.fieldManager;
    return this.#writer.merge(info, refOf(given), target, { ...options, manager });
  }

  /** What {@link apply} would give, or a create where there is no such resource, as the server itself says. Writes nothing. */
  async preview(info: KindInfo, given: Resource, options: WriteOptions): Promise<Resource> {
    const { signal, manager = this.#options.fieldManager } = options;
    const ref = refOf(given);
    const current = await this.#resources.get(info, ref, signal).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    });
    if (current === undefined)
      return this.#writer.create(info, given, { ...(signal && { signal }), manager, dryRun: true });
    checkGuards(current, options);
    const target = settable(given, info);
    if (!this.#owns(info)) return this.#writer.merge(info, ref, target, { signal, manager, dryRun: true });
    const body = withoutNulls(target);
    const applied = await this.#taking(info, ref, body, options, { dryRun: 'All' }).then(
      withoutManagedFields,
      (error: unknown) => this.#mergeInstead(error, info, current, target, { signal, manager, dryRun: true }),
    );
    // The server does not know yet that what was created counts as applied, nor what is removed in a second step.
    const removal = this.#managed(current, manager).removal(target);
    return [removal, removalOfNulls(target, asJson(applied)) ?? {}].reduce<Resource>(
      (resource, patch) => asResource(mergePatch(asJson(resource), patch)),
      applied,
    );
  }

  #owns(info: KindInfo): boolean {
    return wayOf(info, this.#options) === 'apply' && !this.#unable.has(gvkKey(info));
  }

  async #apply(info: KindInfo, given: Resource, target: JsonObject, options: WriteOptions): Promise<Resource> {
    const ref = refOf(given);
    const manager = options.manager ?? this.#options.fieldManager;
    for (let tries = TRIES; ; tries--) {
      const current = await this.#resources.get(info, ref, options.signal);
      checkGuards(current, options);
      const managed = this.#managed(current, manager);
      const actual = asJson(withoutManagedFields(current));
      if (managed.coveredBy(target) && equalJson(mergePatch(actual, target), actual)) return asResource(actual);
      const entries = managed.before(target);
      if (entries === undefined) return this.#send(info, current, target, options);
      const ordered = await this.#order(info, current, entries, options.signal).catch((error: unknown) => {
        // Somebody else wrote in between. Who minds, has said so by a revision.
        if (error instanceof ConflictError && options.revision === undefined && tries > 1) return undefined;
        throw error;
      });
      // Something has been written now: the rest is not given up any more.
      if (ordered !== undefined) return this.#send(info, ordered, target, withoutSignal(options));
    }
  }

  /** Brings a target that the server cannot apply about by a merge patch, which takes away what an apply would. @throws any other error */
  async #mergeInstead(
    error: unknown,
    info: KindInfo,
    current: Resource,
    target: JsonObject,
    options: MergeOptions & { readonly manager: string },
  ): Promise<Resource> {
    if (!(error instanceof OmittedKeyError)) throw error;
    const patch = together(target, this.#managed(current, options.manager).removal(target));
    return this.#writer.merge(info, refOf(current), patch, options);
  }

  #managed(current: Resource, manager: string): ManagedFields {
    const setOnce = [...recordedSetOnce(asJson(current)), RECORD];
    return new ManagedFields(current, { manager, keeper: this.#writer.patchManager, setOnce });
  }

  /** Makes what the manager created count as applied, so that an apply takes away what the target does not say any more. */
  async #order(
    info: KindInfo,
    current: Resource,
    entries: readonly JsonObject[],
    signal: AbortSignal | undefined,
  ): Promise<Resource> {
    const body = [
      { op: 'replace', path: '/metadata/managedFields', value: entries },
      { op: 'replace', path: '/metadata/resourceVersion', value: current.metadata.resourceVersion ?? '' },
    ];
    const query = { fieldManager: this.#writer.patchManager };
    return this.#resources.patch(info, refOf(current), { type: 'json', body, query, signal });
  }

  /** Applies the target to the resource that was read; a name that was freed or taken anew meanwhile is a conflict. */
  async #send(info: KindInfo, current: Resource, target: JsonObject, options: WriteOptions): Promise<Resource> {
    const { uid, resourceVersion } = current.metadata;
    const guards = {
      ...(uid !== undefined && { uid }),
      ...(options.revision !== undefined && resourceVersion !== undefined && { revision: resourceVersion }),
    };
    const { signal, manager = this.#options.fieldManager } = options;
    const body = withGuards(withoutNulls(target), guards);
    const applied = await this.#taking(info, refOf(current), body, options).then(
      withoutManagedFields,
      (error: unknown) => this.#mergeInstead(error, info, current, target, { ...guards, signal, manager }),
    );
    const nulls = removalOfNulls(target, asJson(applied));
    if (nulls === undefined) return applied;
    return this.#writer.merge(info, refOf(current), nulls, { ...(uid !== undefined && { uid }) });
  }

  /**
   * Applies, and takes fields from their managers where that is to be. Our own merge patches are nobody else's, and neither is
   * what the manager itself created, which a dry run finds as it is.
   */
  async #taking(
    info: KindInfo,
    ref: ResourceRef,
    body: JsonObject,
    options: WriteOptions,
    how: { readonly dryRun?: 'All' } = {},
  ): Promise<Resource> {
    const { signal, manager: fieldManager = this.#options.fieldManager, onContested } = options;
    const request = { type: 'apply', body, query: { fieldManager, ...how }, signal } as const;
    try {
      return await this.#resources.patch(info, ref, request);
    } catch (error) {
      if (!(error instanceof FieldConflictError)) throw error;
      const own = [fieldManager, this.#writer.patchManager];
      const others = error.fields.filter(({ manager }) => !own.includes(manager));
      if (others.length > 0) {
        if ((options.contested ?? this.#options.conflicts) === 'refuse') throw error;
        onContested?.(others);
      }
      return this.#resources.patch(info, ref, { ...request, query: { ...request.query, force: 'true' } });
    }
  }
}

function withoutSignal({ signal: _signal, ...options }: WriteOptions): WriteOptions {
  return options;
}
