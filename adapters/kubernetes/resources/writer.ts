import {
  asJson,
  ConflictError,
  type CreateOptions,
  equalJson,
  finalizersAfter,
  guardsOf,
  type JsonObject,
  type KindInfo,
  mergePatch,
  type Resource,
  type ResourceRef,
  type StatusOptions,
  type StatusPatch,
  type WriteOptions,
} from '../../../kernel/index.js';
import { countedStatus } from './counted-status.js';
import { asConflict, checkGuards, checkIdentity, withGuards } from './guards.js';
import { withoutManagedFields } from './received.js';
import type { ResourceClient } from './resource-client.js';
import { withSetOnce } from './set-once-record.js';

interface DryRun {
  /** Asks what would be, and writes nothing. */
  readonly dryRun?: true;
}

/** What a merge patch keeps to. */
export interface MergeOptions extends DryRun {
  readonly uid?: string;
  readonly revision?: string;
  readonly manager?: string;
  readonly signal?: AbortSignal | undefined;
}

/** What a {@link Writer} needs of the store's options. */
export interface WriterOptions {
  readonly fieldManager: string;
}

/**
 * Creates, merge patches and status. What is created belongs to the field manager, as what is applied does; what is patched
 * belongs to another, so that no later target takes away a finalizer, an annotation or a status that the kernel set.
 */
export class Writer {
  readonly #resources: ResourceClient;
  readonly #options: WriterOptions;

  constructor(resources: ResourceClient, options: WriterOptions) {
    this.#resources = resources;
    this.#options = options;
  }

  /** The field manager of merge patches. */
  get patchManager(): string {
    return `${this.#options.fieldManager}-patch`;
  }

  /** @throws AlreadyExistsError */
  async create(
    info: KindInfo,
    resource: Resource,
    { lasting, manager: fieldManager = this.#options.fieldManager, signal, dryRun }: CreateOptions & DryRun,
  ): Promise<Resource> {
    const body = lasting === undefined ? resource : withSetOnce(resource, lasting);
    const query = { fieldManager, ...(dryRun && { dryRun: 'All' }) };
    return withoutManagedFields(await this.#resources.create(info, body, query, signal));
  }

  /** @throws NotFoundError, ConflictError */
  async patch(info: KindInfo, ref: ResourceRef, patch: JsonObject, options: WriteOptions): Promise<Resource> {
    checkIdentity(ref, patch);
    return this.merge(info, ref, patch, options);
  }

  /**
   * Status through the subresource where there is one, and into the object where there is none; annotations into the object.
   * @throws NotFoundError, ConflictError
   */
  async patchStatus(info: KindInfo, ref: ResourceRef, patch: StatusPatch, options: StatusOptions): Promise<Resource> {
    if (info.statusSubresource === true) return this.#patchApart(info, ref, patch, options);
    const { status, annotations, finalizers } = patch;
    const counted = status && { status: countedStatus(status) };
    if (finalizers !== undefined) return this.#patchTogether(info, ref, { ...patch, ...counted }, options);
    return this.merge(info, ref, { ...(annotations && { metadata: { annotations } }), ...counted }, options);
  }

  /** The list of finalizers is others' as well: it is written as it was read, or not at all. */
  async #patchTogether(
    info: KindInfo,
    ref: ResourceRef,
    patch: StatusPatch,
    options: StatusOptions,
  ): Promise<Resource> {
    const { manager, signal } = options;
    const rest = { ...(manager && { manager }), signal };
    return this.#persist(options, async (known) => {
      const current = known ?? withoutManagedFields(await this.#resources.get(info, ref, signal));
      checkGuards(current, options);
      const { metadata } = metadataPatch(current, patch);
      const body = { ...(metadata && { metadata }), ...(patch.status && { status: patch.status }) };
      return changes(current, body) ? this.merge(info, ref, body, { ...rest, ...guardsOf(current) }) : current;
    });
  }

  /**
   * Tries again when somebody else wrote in between. Who minds, has said so by a revision. Begins with what is known of the
   * resource: what was computed from it is guarded by its revision, so that nothing is lost when it is that of the past.
   */
  async #persist(
    { known, revision }: StatusOptions,
    write: (known: Resource | undefined) => Promise<Resource>,
  ): Promise<Resource> {
    let current = known?.metadata.resourceVersion === undefined ? undefined : known;
    for (let tries = TRIES; ; tries--) {
      try {
        const written = await write(current);
        // That there is nothing to write is not to be said on the word of what may be of the past.
        if (current === undefined || written !== current) return written;
      } catch (error) {
        if (!(error instanceof ConflictError) || revision !== undefined || tries <= 1) throw error;
      }
      current = undefined;
    }
  }

  /**
   * Annotations and status are two requests where the status is apart, each made only when it changes something. The server
   * does not look at the uid in a write of the status: the revision that was read with it stands for it.
   */
  async #patchApart(info: KindInfo, ref: ResourceRef, patch: StatusPatch, options: StatusOptions): Promise<Resource> {
    const { status } = patch;
    const { manager, revision, uid } = options;
    const rest = { ...(manager && { manager }) };
    let { signal } = options;
    return this.#persist(options, async (known) => {
      let current = known ?? withoutManagedFields(await this.#resources.get(info, ref, signal));
      checkGuards(current, options);
      const { metadata, isWhole } = metadataPatch(current, patch);
      if (metadata !== undefined && changes(current, { metadata })) {
        const guards = revision === undefined && !isWhole ? { ...(uid !== undefined && { uid }) } : guardsOf(current);
        current = await this.merge(info, ref, { metadata }, { ...rest, ...guards, signal });
        // The first has been done: the second is not given up any more.
        signal = undefined;
      }
      if (status === undefined || !changes(current, { status })) return current;
      const guards = uid === undefined && revision === undefined ? {} : guardsOf(current);
      return this.merge(info, ref, { status }, { ...rest, ...guards, signal }, 'status');
    });
  }

  /** A merge patch that may say anything. @throws NotFoundError, ConflictError */
  async merge(
    info: KindInfo,
    ref: ResourceRef,
    patch: JsonObject,
    { uid, revision, manager, signal, dryRun }: MergeOptions,
    subresource?: 'status',
  ): Promise<Resource> {
    const body = withGuards(patch, { uid, revision });
    const query = { fieldManager: manager ?? this.patchManager, ...(dryRun && { dryRun: 'All' }) };
    const request = { type: 'merge', body, query, signal, ...(subresource && { subresource }) } as const;
    try {
      return withoutManagedFields(await this.#resources.patch(info, ref, request));
    } catch (error) {
      throw uid === undefined ? error : asConflict(error, ref);
    }
  }
}

/** How often a write is tried that somebody else's came in between of; of several, one gets through each time. */
const TRIES = 10;

/** The part of a status patch that lies in the metadata, and whether it holds a list that is right for this revision only. */
function metadataPatch(
  { metadata }: Resource,
  { annotations, finalizers = {} }: StatusPatch,
): { readonly metadata?: JsonObject; readonly isWhole: boolean } {
  const present = metadata.finalizers ?? [];
  const wanted = finalizersAfter(present, finalizers);
  const isWhole = !equalJson(wanted, present);
  if (annotations === undefined && !isWhole) return { isWhole };
  const list = isWhole && { finalizers: wanted };
  return { metadata: { ...(annotations && { annotations }), ...list }, isWhole };
}

function changes(resource: Resource, patch: JsonObject): boolean {
  return !equalJson(mergePatch(asJson(resource), patch), asJson(resource));
}
