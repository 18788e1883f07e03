import type { RunCause, RunReport, UsedDefinition } from '../contracts/run-report.js';
import type { Store } from '../contracts/store.js';
import type { JsonObject } from '../model/json.js';
import type { ManagedWorkflow } from '../model/managed-resources.js';
import type { Outcome } from '../model/outcome.js';
import { type GroupVersionKind, gvkKey, type Resource, type ResourceRef, refKey, refOf } from '../model/resource.js';
import type { ReadLog } from '../resources/read-log.js';
import type { Fights } from './fights.js';
import { mergeRecords } from './managed-record.js';
import { causeOfChange } from './trigger-change.js';
import { isHeld, recordedManaged } from './trigger-view.js';
import { WatchProgress } from './watch-progress.js';

/** What is kept of a trigger's last run: not what its steps gave, which may be much. */
export interface LastRun
  extends Pick<RunReport, 'id' | 'workflow' | 'conditions' | 'startedAt' | 'durationMs' | 'nextRunIn' | 'error'> {
  readonly outcome: Outcome<null>;
}

/** A run that found nothing to do, and all that it came from. */
export interface SteadyRun {
  /** The trigger as the run saw it. */
  readonly trigger: Resource;
  readonly reads: ReadLog;
  /** Which definitions were compared last, as a number for all of them. */
  age: number;
  /** What a run that repeats it tells, but for its times and causes. */
  readonly report: RunReport;
}

/** What the kernel knows of one trigger. It is found again in its store after a restart, but for what is only of this process. */
export interface TriggerRecord {
  readonly key: string;
  readonly store: Store;
  /** The newest that is known of it; runs and status writes begin with it. */
  resource: Resource;
  /** As its watch last told. */
  told: Resource;
  /** Whether that is as new as what the store itself has answered. */
  readonly progress: WatchProgress;
  /** What its last run came to. */
  lastRun?: LastRun;
  /** What its last run looked up by name. */
  used: readonly UsedDefinition[];
  /** What its last run depended on; undefined before the first. */
  stamp?: string;
  /** Its last run, if the next one may only repeat it. */
  steady?: SteadyRun;
  /** State that runs gave and that could not be written yet. */
  unsavedState: JsonObject;
  /** Whether it has gone from a store that held it for nobody, with resources that are still to be let go of. */
  departed?: boolean;
  /** What others keep changing of what it manages; absent before the first run. */
  fights?: Fights;
  /** Whether nothing holds it any more, so that it goes; what a watch that is behind tells of it is of the past. */
  released?: boolean;
  /** What a departed trigger of the same name had not let go of yet. */
  inherited?: ManagedWorkflow | undefined;
  /** The uids of those before it from which it inherits; what they own is its own. */
  former?: readonly string[];
}

/** The triggers that are known now. */
export class TriggerBook {
  readonly #records = new Map<string, TriggerRecord>();

  get(key: string): TriggerRecord | undefined {
    return this.#records.get(key);
  }

  /** All triggers, in the order in which they became known. */
  records(): Iterable<TriggerRecord> {
    return this.#records.values();
  }

  /** Takes note of a trigger as its watch tells of it. Gives its key, and the reason for a run when there is one. */
  see(store: Store, resource: Resource): { readonly key: string; readonly cause: RunCause | undefined } {
    const key = triggerKey(store.name, refOf(resource));
    const known = this.#records.get(key);
    if (known === undefined || known.departed || known.resource.metadata.uid !== resource.metadata.uid) {
      // A watch may tell of a trigger that has gone and come again as of one change.
      const inherited = known === undefined || store.holdsDeletion === true ? undefined : leftBy(known);
      const progress = new WatchProgress();
      progress.told(revisionOf(resource));
      const former = known === undefined || inherited === undefined ? [] : uidsOf(known);
      const fresh = { key, store, resource, told: resource, progress, used: [], unsavedState: {} };
      this.#records.set(key, { ...fresh, inherited, former });
      return { key, cause: 'added' };
    }
    const cause = known.released === true ? undefined : causeOfChange(known.resource, resource);
    known.told = resource;
    known.progress.told(revisionOf(resource));
    // What the watch tells may be older than what this process knows; until it has caught up, runs ask the store.
    if (!known.progress.isBehind) known.resource = resource;
    return { key, cause };
  }

  /** Takes note of a trigger as the store itself gives it. Gives the reason for a run that no watch has told of yet. */
  learn(record: TriggerRecord, resource: Resource): RunCause | undefined {
    if (record.resource.metadata.uid !== resource.metadata.uid) return undefined;
    if (record.progress.answered(revisionOf(resource))) {
      record.resource = record.told;
      return undefined;
    }
    const cause = causeOfChange(record.resource, resource);
    record.resource = resource;
    return cause;
  }

  drop(key: string): void {
    this.#records.delete(key);
  }

  /** The kinds of triggers that are watched while some wait to be let go of, whether or not a Workflow names them. */
  boundKinds(): ReadonlyMap<string, GroupVersionKind> {
    const bound = [...this.#records.values()].filter(isBound);
    return new Map(
      bound.map(({ resource: { apiVersion, kind } }) => [gvkKey({ apiVersion, kind }), { apiVersion, kind }]),
    );
  }

  /** Whether a kind is one of {@link boundKinds}. */
  isBoundKind(gvk: GroupVersionKind): boolean {
    for (const record of this.#records.values()) {
      if (isOfKind(record.resource, gvk) && isBound(record)) return true;
    }
    return false;
  }

  /** The keys of all triggers of a kind. */
  keysOf(gvk: GroupVersionKind): string[] {
    return [...this.#records.values()].filter(({ resource }) => isOfKind(resource, gvk)).map(({ key }) => key);
  }
}

function isOfKind(resource: Resource, { apiVersion, kind }: GroupVersionKind): boolean {
  return resource.apiVersion === apiVersion && resource.kind === kind;
}

/** Whether there is something to let go of when the trigger goes, so that its going must not be missed. */
function isBound(record: TriggerRecord): boolean {
  return record.store.holdsDeletion === true ? isHeld(record.resource) : leftBy(record) !== undefined;
}

/** The uid of a trigger, and of those before it from which it inherits. */
export function uidsOf({ resource, former = [] }: TriggerRecord): readonly string[] {
  const { uid } = resource.metadata;
  return uid === undefined ? former : [uid, ...former];
}

function revisionOf({ metadata }: Resource): string {
  return metadata.resourceVersion ?? '';
}

/** All that a trigger has to let go of when it goes. */
export function leftBy({ resource, inherited }: TriggerRecord): ManagedWorkflow | undefined {
  const recorded = recordedManaged(resource);
  if (inherited === undefined || recorded === undefined) return recorded ?? inherited;
  return mergeRecords(inherited, recorded);
}

/** A text that is the same for the same trigger, and for nothing else. */
export function triggerKey(store: string, ref: ResourceRef): string {
  return `${store} ${refKey(ref)}`;
}
