import { isBeingDeleted, type Resource } from '../model/resource.js';

/** So many of one resource's latest writes are remembered; a watch is not further behind. */
const REMEMBERED = 8;

/** One write that is under way. What it came to is to be told exactly once. */
export interface WriteTicket {
  /** The resource as the store gave it after the write; undefined when it was deleted. */
  done(result: Resource | undefined): void;
  /** The write failed, or nobody knows whether it did. */
  failed(): void;
}

/** What a watch told: how the resource is, or which object is gone. */
type Told =
  | { readonly type: 'change'; readonly resource: Resource }
  | { readonly type: 'deletion'; readonly uid: string };

/**
 * What this process writes to one resource, so that what the watch tells of it is not taken for somebody else's change,
 * and so that the watch is not believed as long as it may be behind.
 */
export class OwnWrites {
  readonly #revisions: string[] = [];
  readonly #deleted: string[] = [];
  #underWay = 0;
  /** Whether writes have overlapped, so that nobody knows which of them was the last. */
  #overlapped = false;
  /** Told while a write was under way, so that nobody knew yet whose it was. */
  #held: Told | undefined;
  /** What the watch has to tell before it is known to have caught up: revisions, and the deletion of an object. */
  readonly #awaitedRevisions = new Set<string>();
  #awaitedDeletion: string | undefined;
  /** Whether the revision is known to have come after the deletion, which a watch that sums up may not tell. */
  #revisionFollows = false;
  /** Whether nobody knows what the watch has to tell, so that the store has to be asked until both say the same. */
  #unknown = false;

  /** Whether a write goes on. */
  get isUnderWay(): boolean {
    return this.#underWay > 0;
  }

  /** Whether what the watch told may be older than what we know of. */
  get isDoubtful(): boolean {
    const isAwaiting = this.#awaitedRevisions.size > 0 || this.#awaitedDeletion !== undefined;
    return isAwaiting || this.#unknown || this.#underWay > 0;
  }

  /** Whether there is nothing left to remember. */
  get isSettled(): boolean {
    return !this.isDoubtful && this.#revisions.length === 0 && this.#deleted.length === 0;
  }

  /**
   * A write begins; `told` gives what the watch says of the resource by then.
   * @param uid of the object that a deletion is about, when that is known
   */
  begin(told: () => Resource | undefined, onForeign: () => void, uid?: string): WriteTicket {
    this.#overlapped ||= this.#underWay > 0;
    this.#underWay += 1;
    const end = (own: (told: Told) => boolean): void => {
      this.#underWay -= 1;
      if (this.#underWay > 0) return;
      this.#unknown ||= this.#overlapped;
      this.#overlapped = false;
      const held = this.#held;
      this.#held = undefined;
      if (held !== undefined && !own(held)) onForeign();
    };
    return {
      done: (result) => {
        if (result === undefined) this.#expectDeletion(uid);
        else this.#expect(result.metadata.resourceVersion, told());
        end((change) => (change.type === 'deletion' ? change.uid === uid : this.#isOwn(change.resource)));
      },
      failed: () => {
        this.#unknown = true;
        end(() => false);
      },
    };
  }

  /** The watch tells how the resource is now. Gives whether somebody else did that. */
  changed(resource: Resource): boolean {
    const isAwaited = this.#awaitedRevisions.delete(resource.metadata.resourceVersion ?? '');
    if (isAwaited && this.#revisionFollows) this.#awaitedDeletion = undefined;
    if (this.#underWay > 0) {
      this.#held = { type: 'change', resource };
      return false;
    }
    return !this.#isOwn(resource);
  }

  /**
   * The watch tells that the resource is gone. Gives whether that is news: somebody else did it, or it was being deleted
   * for a while, and whoever wanted it gone waits for that.
   */
  deleted(last: Resource): boolean {
    const uid = last.metadata.uid ?? '';
    if (this.#awaitedDeletion === uid) this.#awaitedDeletion = undefined;
    if (this.#underWay > 0) {
      this.#held = { type: 'deletion', uid };
      return false;
    }
    const isOwn = take(this.#deleted, uid);
    return !isOwn || isBeingDeleted(last);
  }

  /** The store itself was asked, and the watch says the same, the resource or that there is none: so it has caught up. */
  confirm(resource: Resource | undefined): void {
    if (this.#underWay > 0) return;
    this.#unknown = false;
    // That there is none may also be said by a watch that has not yet told of the object that was written or deleted.
    if (resource === undefined) return;
    this.#awaitedRevisions.clear();
    this.#awaitedDeletion = undefined;
  }

  #isOwn(resource: Resource): boolean {
    return take(this.#revisions, resource.metadata.resourceVersion ?? '');
  }

  #expect(revision: string | undefined, told: Resource | undefined): void {
    if (revision === undefined) {
      this.#unknown = true;
      return;
    }
    const isTold = told?.metadata.resourceVersion === revision;
    if (!this.#overlapped) this.#awaitedRevisions.clear();
    if (!isTold) this.#awaitedRevisions.add(revision);
    this.#revisionFollows = !this.#overlapped;
    // Told already, and not even held: a write that changed nothing, of which no word will come.
    if (!isTold || this.#held !== undefined) remember(this.#revisions, revision);
  }

  #expectDeletion(uid: string | undefined): void {
    if (uid === undefined) {
      this.#unknown = true;
    } else if (this.#held?.type !== 'deletion' || this.#held.uid !== uid) {
      this.#awaitedDeletion = uid;
      this.#revisionFollows = false;
      if (!this.#overlapped) this.#awaitedRevisions.clear();
      remember(this.#deleted, uid);
    }
  }
}

function remember(list: string[], item: string): void {
  list.push(item);
  if (list.length > REMEMBERED) list.shift();
}

function take(list: string[], item: string): boolean {
  const index = list.indexOf(item);
  if (index < 0) return false;
  list.splice(index, 1);
  return true;
}
