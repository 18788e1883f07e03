import { inject, injectable } from 'tsyringe';
import { CLOCK, type Clock } from '../contracts/clock.js';
import type { Placement, ResourceHandler } from '../contracts/resource-handler.js';
import type { ActionReport } from '../contracts/run-report.js';
import { UnknownKindError } from '../contracts/store-errors.js';
import type { DefinitionLookup } from '../definitions/definition-lookup.js';
import { errorMessage } from '../model/errors.js';
import type { ManagedResource, ManagedWorkflow } from '../model/managed-resources.js';
import { asJson, formatRef, isBeingDeleted, type Resource, type ResourceRef, refOf } from '../model/resource.js';
import { managedKey, releaseWaves } from '../resources/inventory.js';
import { withRecordOf } from '../resources/last-applied.js';
import { isOwnedBy } from '../resources/owner-references.js';
import { decideRelease } from '../resources/release.js';
import { ManagedWatches } from './managed-watches.js';
import { MissingKinds } from './missing-kinds.js';
import { TriggerBook } from './trigger-book.js';
import { isHeld } from './trigger-view.js';

/** How letting go of resources stands. */
export interface ReleaseProgress {
  /** The keys of those that are not gone yet, and that nobody has decided to leave. */
  readonly remaining: ReadonlySet<string>;
  /** What was done now. */
  readonly actions: readonly ActionReport[];
  /** For people: what it waits for, and why something could not be done; empty when nothing remains. */
  readonly waitsFor: readonly string[];
}

/** What letting go of one resource came to. */
type Step = { readonly action?: ActionReport } & (
  | { readonly type: 'done' }
  | { readonly type: 'waits'; readonly why: string }
);

/** Whose resources are let go, and with what is known now. */
export interface ReleaseContext {
  readonly key: string;
  readonly trigger: Resource;
  /** What owns what the trigger owns: its own uid, and those of triggers before it from which it inherits. */
  readonly uids: readonly string[];
  readonly definitions: DefinitionLookup;
  readonly signal: AbortSignal;
}

/**
 * Lets go of resources that a trigger wants no longer: destroys or abandons each by its policy, the last step's first,
 * and goes on when those are gone. Never touches what another trigger manages, somebody else owns, or was never made here.
 */
@injectable()
export class Releaser {
  /** What is being let go of now: of two triggers that manage one resource, the second sees what the first has done. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  readonly #kinds: MissingKinds;

  constructor(
    @inject(ManagedWatches) private readonly managed: ManagedWatches,
    @inject(TriggerBook) private readonly book: TriggerBook,
    @inject(CLOCK) clock: Clock,
  ) {
    this.#kinds = new MissingKinds(clock);
  }

  /** Does as much as can be done now. Rejects only with the signal's reason. */
  async release(record: ManagedWorkflow, context: ReleaseContext): Promise<ReleaseProgress> {
    const actions: ActionReport[] = [];
    const waves = releaseWaves(record);
    for (const [index, wave] of waves.entries()) {
      const steps = await Promise.all(wave.map((resource) => this.#inTurn(resource, context)));
      actions.push(...steps.flatMap(({ action }) => action ?? []));
      const waiting = wave.flatMap((resource, at) => {
        const step = steps[at];
        return step?.type === 'waits' ? [{ resource, why: step.why }] : [];
      });
      if (waiting.length === 0) continue;
      const later = waves.slice(index + 1).flat();
      return {
        remaining: new Set([...waiting.map(({ resource }) => resource), ...later].map(managedKey)),
        actions,
        waitsFor: waiting.map(({ why }) => why),
      };
    }
    return { remaining: new Set(), actions, waitsFor: [] };
  }

  #inTurn(resource: ManagedResource, context: ReleaseContext): Promise<Step> {
    const key = managedKey(resource);
    const step = (this.#underWay.get(key) ?? Promise.resolve()).then(() => this.#letGo(resource, context));
    const settled = step
      .catch(() => undefined)
      .then(() => {
        if (this.#underWay.get(key) === settled) this.#underWay.delete(key);
      });
    this.#underWay.set(key, settled);
    return step;
  }

  async #letGo(resource: ManagedResource, context: ReleaseContext): Promise<Step> {
    if (resource.readonly) return { type: 'done' };
    const text = formatRef(resource);
    try {
      const handler = this.managed.handlers.find((candidate) => candidate.claims(resource));
      if (handler === undefined) return { type: 'waits', why: `no resource handler claims ${text}` };
      return await this.#decideAndDo(resource, handler, context);
    } catch (error) {
      context.signal.throwIfAborted();
      if (error instanceof UnknownKindError && this.#kinds.missing(resource)) return { type: 'done' };
      return { type: 'waits', why: `${text}: ${errorMessage(error)}` };
    }
  }

  async #decideAndDo(resource: ManagedResource, handler: ResourceHandler, context: ReleaseContext): Promise<Step> {
    const { trigger, uids, key, signal } = context;
    const ref = refOfManaged(resource);
    const placement: Placement = resource.store === undefined ? {} : { store: resource.store };
    const options = { ...placement, signal };
    const read = await handler.read(ref, options);
    const actual = read === undefined ? undefined : withRecordOf(read, resource.applied);
    this.#kinds.present(resource);
    const decision = decideRelease(actual, {
      triggers: uids,
      name: formatRef(refOf(trigger)),
      policy: policyOf(resource, actual, context),
      shared: this.managed.triggersOf(resource).some((other) => other !== key),
    });
    const unheard = decision.type === 'leave' && decision.why === 'shared' ? this.#unheard(resource, key) : undefined;
    if (unheard !== undefined)
      return { type: 'waits', why: `${unheard} to say whether it manages ${formatRef(resource)}` };
    // Of two that let go, none must count on the other: who leaves a resource to others is about it no longer, whether or not
    // its trigger shows so yet.
    if (decision.type === 'leave' && (decision.why === 'shared' || decision.why === 'owned')) {
      this.managed.forget(key, resource);
    }
    const action = (type: ActionReport['type']): ActionReport => ({ type, resource, differences: [], done: true });
    switch (decision.type) {
      case 'gone':
        return { type: 'done' };
      case 'going':
        return { type: 'waits', why: `${formatRef(resource)} to be gone` };
      case 'leave':
        // What has no place for a record has none for a mark either.
        if (decision.patch === undefined || resource.applied !== undefined) return { type: 'done' };
        await handler.patch(ref, decision.patch, { ...options, ...decision.guards });
        return { type: 'done', action: action('patch') };
      case 'destroy': {
        if (!this.#isOnlyOurs(actual, context)) {
          return { type: 'waits', why: `all triggers to be known, of which another may manage ${formatRef(resource)}` };
        }
        await handler.remove(ref, { ...options, ...decision.guards, propagation: 'background' });
        const left = await handler.read(ref, options);
        const deletion = action('delete');
        if (left === undefined || left.metadata.uid !== actual?.metadata.uid) return { type: 'done', action: deletion };
        return { type: 'waits', why: `${formatRef(resource)} to be gone`, action: deletion };
      }
    }
  }

  /** An owner reference says whose a resource is; that nobody else manages one without is known when all triggers are. */
  #isOnlyOurs(actual: Resource | undefined, { trigger }: ReleaseContext): boolean {
    const { uid } = trigger.metadata;
    const isOwned = actual !== undefined && uid !== undefined && isOwnedBy(asJson(actual), uid);
    return isOwned || this.managed.knowsAll;
  }

  /** Another trigger of a resource that has not run in this process: what is known of it may be older than its having let go. */
  #unheard(resource: ManagedResource, key: string): string | undefined {
    for (const other of this.managed.triggersOf(resource)) {
      const record = other === key ? undefined : this.book.get(other);
      if (record === undefined || record.stamp !== undefined) continue;
      if (!isBeingDeleted(record.resource) || isHeld(record.resource)) return formatRef(refOf(record.resource));
    }
    return undefined;
  }
}

/** What the record says; else what the function says that managed it; else what the resource itself shows. */
function policyOf(
  { onRelease, resourceFunction }: ManagedResource,
  actual: Resource | undefined,
  { uids, definitions }: ReleaseContext,
): 'destroy' | 'abandon' {
  if (onRelease !== undefined) return onRelease;
  const entry = definitions.find('ResourceFunction', resourceFunction);
  if (entry?.status === 'ready' && entry.definition.kind === 'ResourceFunction') return entry.definition.onRelease;
  const isOwned = actual !== undefined && uids.some((uid) => isOwnedBy(asJson(actual), uid));
  return isOwned ? 'destroy' : 'abandon';
}

function refOfManaged({ apiVersion, kind, name, namespace }: ManagedResource): ResourceRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
