import { type ResourceRef, refKey } from '../../kernel/index.js';
import type { FolderNudges } from './folder-nudges.js';
import type { Located } from './manifest-index.js';
import type { ManifestKeeper } from './manifest-keeper.js';
import { fillPattern } from './path-pattern.js';

/** Finds resources as they are on the disk at the moment of asking. */
export class ManifestLookup {
  readonly #keeper: ManifestKeeper;
  readonly #nudges: FolderNudges;
  readonly #pattern: string;

  constructor(keeper: ManifestKeeper, nudges: FolderNudges, pattern: string) {
    this.#keeper = keeper;
    this.#nudges = nudges;
    this.#pattern = pattern;
  }

  /** Where a resource stands now; undefined when it is nowhere. @throws StoreError when that cannot be told */
  async find(ref: ResourceRef): Promise<Located | undefined> {
    const { index } = this.#keeper;
    const key = refKey(ref);
    const known = index.find(key);
    if (known !== undefined) {
      await this.#keeper.refresh([known.path]);
      const found = index.find(key);
      if (found !== undefined) return found;
    }
    await this.#search(ref);
    return index.find(key);
  }

  /** Makes sure that the index knows of every change that was there before. @throws StoreError when the root cannot be listed */
  async catchUp(): Promise<void> {
    if (this.#keeper.isComplete && this.#nudges.isLive) await this.#nudges.flush();
    else await this.#keeper.refreshAll();
  }

  /** Notices may be late where they come from afar, but not for what lies where it would be put. */
  async #search(ref: ResourceRef): Promise<void> {
    await this.catchUp();
    if (this.#nudges.isLive && this.#keeper.index.find(refKey(ref)) === undefined) {
      await this.#keeper.refresh([fillPattern(this.#pattern, ref)]);
    }
  }
}
