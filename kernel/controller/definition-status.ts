import type { Subscription } from 'rxjs';
import type { Store } from '../contracts/store.js';
import { ConflictError, ForbiddenError, NotFoundError } from '../contracts/store-errors.js';
import type { DefinitionChange } from '../definitions/catalog.js';
import { type DefinitionKey, definitionKey } from '../definitions/definition-key.js';
import type { DefinitionName } from '../definitions/definition-lookup.js';
import { definitionReadiness } from '../definitions/definition-readiness.js';
import { definitionKind } from '../language/definition-source.js';
import { equalJson, getAt, isList, type JsonObject } from '../model/json.js';
import { asJson, isBeingDeleted, type Resource, refOf } from '../model/resource.js';
import type { Requeue } from '../scheduler/retry-policy.js';
import { Scheduler, type SchedulerOptions } from '../scheduler/scheduler.js';
import { conditionsFrom, conditionTime, currentConditions, type Verdict, verdict } from './conditions.js';
import type { LiveDefinitions } from './live-definitions.js';
import { triggerKey } from './trigger-book.js';

/** What writing the status of definitions takes. */
export interface DefinitionStatusOptions extends Omit<SchedulerOptions, 'run' | 'concurrency'> {
  readonly definitions: LiveDefinitions;
  readonly stores: ReadonlyMap<string, Store>;
}

/** One copy of a definition, as its store holds it. */
interface Copy {
  readonly definition: DefinitionName;
  readonly store: Store;
  resource: Resource;
  /** What was last told of it. It is told once, so that several who see it otherwise do not tell each other for ever. */
  told?: string;
}

const FORGET: Requeue = { type: 'forget' };
const CONCURRENCY = 4;

/**
 * Lets each definition show whether it can be used, as a condition `Ready`, in stores that keep the status of definitions
 * apart from what its author wrote. Writes when that changes, and when the definition is of a new generation; never else.
 */
export class DefinitionStatus {
  readonly #options: DefinitionStatusOptions;
  readonly #scheduler: Scheduler;
  readonly #copies = new Map<string, Copy>();
  readonly #byName = new Map<DefinitionKey, Set<string>>();
  /** Stores that do not let the status of definitions be written. */
  readonly #forbidding = new Set<Store>();
  #changes: Subscription | undefined;

  constructor(options: DefinitionStatusOptions) {
    this.#options = options;
    this.#scheduler = new Scheduler({
      ...options,
      concurrency: CONCURRENCY,
      run: ({ key }, { failures, signal }) => this.#show(key, failures, signal),
    });
  }

  /** Whether every definition shows what is to be told of it, or waits for another try. */
  get idle(): boolean {
    return this.#scheduler.idle;
  }

  whenIdle(): Promise<void> {
    return this.#scheduler.whenIdle();
  }

  /** Takes what stores tell of definitions; to be called after the catalog has taken it. */
  see(changes: readonly DefinitionChange[]): void {
    for (const change of changes) {
      const kind = definitionKind(change.resource);
      const store = this.#options.stores.get(change.type === 'set' ? change.from.store : change.store);
      if (kind === undefined || store === undefined) continue;
      const key = triggerKey(store.name, refOf(change.resource));
      const definition = { kind, name: change.resource.metadata.name };
      if (change.type === 'set') this.#keep(key, { definition, store, resource: change.resource });
      else this.#drop(key, definition);
    }
  }

  /** Begins to write; to be called once, when all definitions are known. */
  start(): void {
    this.#changes = this.#options.definitions.changes.subscribe(({ changed }) => {
      for (const name of changed) {
        for (const key of this.#byName.get(definitionKey(name)) ?? []) this.#scheduler.add(key, 'definition');
      }
    });
    this.#scheduler.start();
  }

  /** Begins no more writes, and waits for those that are under way, no longer than `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#changes?.unsubscribe();
    await this.#scheduler.stop(graceMs);
  }

  #keep(key: string, seen: Copy): void {
    const known = this.#copies.get(key);
    const name = definitionKey(seen.definition);
    if (known !== undefined && known.resource.metadata.uid === seen.resource.metadata.uid) {
      known.resource = seen.resource;
    } else {
      this.#copies.set(key, seen);
      this.#byName.set(name, (this.#byName.get(name) ?? new Set()).add(key));
    }
    this.#scheduler.add(key, 'definition');
  }

  #drop(key: string, definition: DefinitionName): void {
    const name = definitionKey(definition);
    const keys = this.#byName.get(name);
    keys?.delete(key);
    if (keys?.size === 0) this.#byName.delete(name);
    this.#copies.delete(key);
    this.#scheduler.forget(key);
  }

  async #show(key: string, failures: number, signal: AbortSignal): Promise<Requeue> {
    const copy = this.#copies.get(key);
    if (copy === undefined) return FORGET;
    const { store } = copy;
    const kind = await store.kind(copy.resource, { signal });
    // Only now, since the catalog may have told of a change before the change itself has come here.
    const { resource } = copy;
    if (kind?.statusSubresource !== true || isBeingDeleted(resource)) return FORGET;
    const view = this.#viewOf(copy);
    const telling = JSON.stringify(view);
    if (copy.told === telling) return FORGET;
    const status = statusOf(view, resource, this.#options.clock.now());
    try {
      if (!shows(resource, status))
        await store.patchStatus(refOf(resource), { status }, { signal, known: resource, ...guards(resource) });
    } catch (error) {
      if (error instanceof NotFoundError) return FORGET;
      // Somebody else has changed it, of which the watch will tell.
      if (error instanceof ConflictError || this.#isKnownToForbid(store, error)) {
        return this.#options.policy.afterError(failures + 1);
      }
      throw error;
    }
    this.#forbidding.delete(store);
    copy.told = telling;
    return FORGET;
  }

  /** Whether the store has refused this before: told once, and not for each definition again. */
  #isKnownToForbid(store: Store, error: unknown): boolean {
    if (!(error instanceof ForbiddenError)) return false;
    const known = this.#forbidding.has(store);
    this.#forbidding.add(store);
    return known;
  }

  #viewOf({ definition, resource, store }: Copy): View {
    const { generation, namespace = '' } = resource.metadata;
    const readiness = definitionReadiness(
      { ...definition, store: store.name, namespace },
      this.#options.definitions.current,
    );
    const { status, reason, message } = readiness;
    const steps = getAt(asJson(resource), ['spec', 'steps']);
    return {
      ready: verdict('Ready', status, reason, message === '' ? 'It can be used.' : message),
      ...(generation === undefined ? {} : { generation }),
      ...(definition.kind === 'Workflow' && isList(steps) ? { steps: steps.length } : {}),
    };
  }
}

/** What is to be told of a copy. */
interface View {
  readonly ready: Verdict;
  readonly generation?: number;
  /** How many steps a Workflow has; a column of kubectl cannot count them. */
  readonly steps?: number;
}

/** The status that shows the view. Conditions of others stay. */
function statusOf({ generation, ready, steps }: View, resource: Resource, now: number): JsonObject {
  const current = currentConditions(resource);
  const conditions = conditionsFrom([ready], { current, keepOthers: true, now: conditionTime(now), generation });
  return {
    conditions: conditions.map((condition): JsonObject => ({ ...condition })),
    ...(steps === undefined ? {} : { steps }),
  };
}

/** Whether the resource shows that status already. */
function shows({ status = {} }: Resource, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(([key, value]) => equalJson(getAt(status, [key]), value));
}

/** The list of conditions is shared with others, so that a write must be of what is there. */
function guards({ metadata: { resourceVersion: revision, uid } }: Resource): { revision?: string; uid?: string } {
  return { ...(revision === undefined ? {} : { revision }), ...(uid === undefined ? {} : { uid }) };
}
