import { ConflictError } from '../contracts/store-errors.js';
import { flattenManaged, type ManagedResource, type ManagedWorkflow } from '../model/managed-resources.js';
import { annotations, FINALIZER } from '../model/names.js';
import { annotationOf, isBeingDeleted, type Resource, refOf } from '../model/resource.js';
import { managedKey } from '../resources/inventory.js';
import type { ClaimRecorder } from '../runtime/run-context.js';
import { keptRecord } from './managed-record.js';
import { leftBy, type TriggerBook, type TriggerRecord } from './trigger-book.js';
import { isHeld, recordedManaged } from './trigger-view.js';

/**
 * Puts on record what a run is about to make, before it is made, and sees to it that the trigger cannot go without its
 * being let go of: so that a crash between any two steps leaves nothing that nobody knows of.
 */
export class RunClaims implements ClaimRecorder {
  readonly #record: TriggerRecord;
  readonly #book: TriggerBook;
  readonly #signal: AbortSignal;
  /** What waits for the write that is under way; the next one takes all of it. */
  #next: Promise<void> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #changed = false;
  // Read once for each state of the trigger: a run may ask for thousands of resources.
  /** What the trigger itself says of resources, by their keys. */
  readonly #recorded = ofState((trigger) => byKey(recordedManaged(trigger)));
  /** The same, with what is on record elsewhere. */
  readonly #known = ofState(() => byKey(leftBy(this.#record)));

  constructor(record: TriggerRecord, book: TriggerBook, signal: AbortSignal) {
    this.#record = record;
    this.#book = book;
    this.#signal = signal;
  }

  /** Whether an answer to a claim showed that the trigger has changed in what a run depends on. */
  get triggerChanged(): boolean {
    return this.#changed;
  }

  async claim(resource: ManagedResource, known: () => ManagedWorkflow): Promise<void> {
    if (this.#isOnRecord(resource)) return;
    this.#next ??= this.#afterLast(async () => {
      this.#next = undefined;
      // The write that this one waited for may have brought along what it is for.
      const all = known();
      if (!flattenManaged(all).every((one) => this.#isOnRecord(one))) await this.#write(all);
    });
    await this.#next;
  }

  appliedTo(resource: ManagedResource): string | undefined {
    const { resource: trigger, inherited } = this.#record;
    const text = annotationOf(trigger, annotations.managedResources);
    // Most triggers have nothing of the kind, and need not be read for it.
    if (inherited === undefined && text?.includes('"applied":') !== true) return undefined;
    return this.#known(trigger).get(managedKey(resource))?.applied;
  }

  #isOnRecord(resource: ManagedResource): boolean {
    const { resource: trigger, store } = this.#record;
    if (store.holdsDeletion === true && !isHeld(trigger)) return false;
    const recorded = this.#recorded(trigger).get(managedKey(resource));
    return recorded !== undefined && recorded.applied === resource.applied;
  }

  #afterLast(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #write(known: ManagedWorkflow): Promise<void> {
    const { store, resource: trigger } = this.#record;
    const text = JSON.stringify(keptRecord(annotationOf(trigger, annotations.managedResources), known));
    const patch = {
      annotations: { [annotations.managedResources]: text },
      ...(store.holdsDeletion === true ? { finalizers: { [FINALIZER]: true } } : {}),
    };
    const { uid } = trigger.metadata;
    const options = { signal: this.#signal, known: trigger, ...(uid === undefined ? {} : { uid }) };
    const written = await this.#answered(store.patchStatus(refOf(trigger), patch, options));
    if (isBeingDeleted(written)) throw new ConflictError('the trigger is being deleted');
  }

  async #answered(answer: Promise<Resource>): Promise<Resource> {
    try {
      const written = await answer;
      const cause = this.#book.learn(this.#record, written);
      this.#changed ||= cause !== undefined;
      return written;
    } catch (error) {
      this.#record.progress.unanswered();
      throw error;
    }
  }
}

function byKey(recorded: ManagedWorkflow | undefined): ReadonlyMap<string, ManagedResource> {
  return new Map(recorded === undefined ? [] : flattenManaged(recorded).map((one) => [managedKey(one), one]));
}

/** What follows from the state of a trigger, worked out again only when there is another state. */
function ofState<T>(derive: (trigger: Resource) => T): (trigger: Resource) => T {
  let last: { readonly trigger: Resource; readonly value: T } | undefined;
  return (trigger) => {
    if (last?.trigger !== trigger) last = { trigger, value: derive(trigger) };
    return last.value;
  };
}
