import {
  asJson,
  type CreateOptions,
  equalJson,
  type JsonObject,
  type KindInfo,
  mergePatch,
  type Resource,
  type ResourceRef,
  type StatusPatch,
  type WriteOptions,
} from '../../../kernel/index.js';
import { checkIdentity, withGuards } from './guards.js';
import { withoutManagedFields } from './received.js';
import type { ResourceClient } from './resource-client.js';
import { withSetOnce } from './set-once-record.js';

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
  async create(info: KindInfo, resource: Resource, { lasting, manager, signal }: CreateOptions): Promise<Resource> {
    const { fieldManager } = this.#options;
    const body = lasting === undefined ? resource : withSetOnce(resource, lasting);
    return withoutManagedFields(
      await this.#resources.create(info, body, { fieldManager: manager ?? fieldManager, signal }),
    );
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
  async patchStatus(info: KindInfo, ref: ResourceRef, patch: StatusPatch, options: WriteOptions): Promise<Resource> {
    const { status, annotations } = patch;
    const parts: JsonObject = {
      ...(annotations !== undefined && Object.keys(annotations).length > 0 && { metadata: { annotations } }),
      ...(status !== undefined && { status }),
    };
    if (info.statusSubresource !== true || status === undefined) return this.merge(info, ref, parts, options);
    // Status and annotations are two requests there; what need not change is left out, so that mostly it is one.
    const told = await this.merge(info, ref, { status }, options, 'status');
    if (parts.metadata === undefined || changesNothing(asJson(told), { metadata: parts.metadata })) return told;
    const { uid } = told.metadata;
    // The first has been done: the second is not given up any more.
    return this.merge(info, ref, { metadata: parts.metadata }, { ...(uid !== undefined && { uid }) });
  }

  /** A merge patch that may say anything. @throws NotFoundError, ConflictError */
  async merge(
    info: KindInfo,
    ref: ResourceRef,
    patch: JsonObject,
    { uid, revision, manager, signal }: WriteOptions,
    subresource?: 'status',
  ): Promise<Resource> {
    const body = withGuards(patch, { uid, revision });
    const query = { fieldManager: manager ?? this.patchManager };
    const request = { type: 'merge', body, query, signal, ...(subresource && { subresource }) } as const;
    return withoutManagedFields(await this.#resources.patch(info, ref, request));
  }
}

function changesNothing(resource: JsonObject, patch: JsonObject): boolean {
  return equalJson(mergePatch(resource, patch), resource);
}
