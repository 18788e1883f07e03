import type { Clock, Resource, ResourceRef } from '../../kernel/index.js';
import { isHolding, type KeptRecord, type SideRecords, withLeaving } from '../files/side-records.js';
import type { ManifestDocument } from './manifest.js';
import type { ManifestWalk } from './manifest-walk.js';
import { lastOf, leavingView } from './resource-identity.js';

/** What {@link HeldResources} work with. */
export interface HeldParts {
  /** Absent when status is kept in the manifests: what goes takes it along, and nothing is held. */
  readonly side?: SideRecords;
  readonly walk: ManifestWalk;
  readonly clock: Clock;
}

/** Resources whose documents are gone while finalizers hold them, as their records keep them. */
export class HeldResources {
  readonly #parts: HeldParts;
  readonly #views = new WeakMap<KeptRecord['record'], Resource>();

  constructor(parts: HeldParts) {
    this.#parts = parts;
  }

  /** Whether finalizers are on record that hold the resource when its document goes. */
  isHeld(ref: ResourceRef): boolean {
    return isHolding(this.#parts.side?.peek(ref));
  }

  /** The resource as it is seen when its document is gone for certain; undefined when that is not on record. */
  find(ref: ResourceRef): Resource | undefined {
    const kept = this.#parts.side?.kept(ref);
    return kept && this.#viewOf(kept);
  }

  /** All that records say to be leaving; some may be there again. */
  *resources(): Iterable<Resource> {
    for (const kept of this.#parts.side?.records() ?? []) {
      const resource = this.#viewOf(kept);
      if (resource !== undefined) yield resource;
    }
  }

  /**
   * Puts on record that the document of a resource is gone. False when nothing holds it.
   * @throws StoreError when it cannot be written; FileChangedError when somebody else writes the record now
   */
  async mark(ref: ResourceRef, document: ManifestDocument | undefined): Promise<boolean> {
    const { side, clock } = this.#parts;
    const record = await side?.read(ref);
    if (side === undefined || !isHolding(record)) return false;
    const file = side.kept(ref)?.file;
    const last = document && lastOf(document.authored);
    const leaving = { since: new Date(clock.now()).toISOString(), ...(last && { last }) };
    await side.write(ref, withLeaving(record, leaving), { from: record, ...(file !== undefined && { file }) });
    return true;
  }

  /** Takes off the record that the document was gone: it is there again. Left for the next look when that cannot be written. */
  async restore(ref: ResourceRef, file: string): Promise<void> {
    const { side } = this.#parts;
    const record = side?.peek(ref);
    if (side === undefined || record?.leaving === undefined) return;
    await side.write(ref, withLeaving(record), { from: record, file }).catch(() => undefined);
  }

  /** Whether a record is about a file that this store would read, and not only another one on the same folder. */
  isOurs({ file }: KeptRecord): boolean {
    return file === undefined || this.#parts.walk.isManifestPath(file);
  }

  #viewOf(kept: KeptRecord): Resource | undefined {
    const { ref, record } = kept;
    if (record.leaving === undefined || !isHolding(record) || !this.isOurs(kept)) return undefined;
    const known = this.#views.get(record);
    if (known !== undefined) return known;
    const resource = leavingView(ref, record);
    this.#views.set(record, resource);
    return resource;
  }
}
