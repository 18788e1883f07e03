import type { ActionReport } from '../contracts/run-report.js';
import type { ContestedField } from '../contracts/store.js';
import { equalJson, type Json } from '../model/json.js';
import type { ManagedResource } from '../model/managed-resources.js';
import { formatPath } from '../model/path.js';
import { managedKey } from '../resources/inventory.js';
import type { Hold } from '../runtime/run-context.js';

/** When a field counts as contested, and how far apart it is put right then; times are in seconds. */
export interface FightLimits {
  /** So often within the window the same field is put back. */
  readonly times: number;
  /** A fight is over when the field has stayed as it should be for as long. */
  readonly windowSeconds: number;
  /** The first space; it doubles with each time, up to the maximum. */
  readonly initialSeconds: number;
  readonly maximumSeconds: number;
}

export const DEFAULT_FIGHT_LIMITS: FightLimits = {
  times: 5,
  windowSeconds: 600,
  initialSeconds: 10,
  maximumSeconds: 300,
};

/** A field that somebody else keeps changing. */
export interface Fight {
  readonly resource: ManagedResource;
  /** As people write it; absent when it is about whether the resource is there at all. */
  readonly path?: string;
  /** Who changes it, as far as the store knows. */
  readonly managers: readonly string[];
  /** Until it is over, if the field is left alone. */
  readonly endsInMs: number;
}

/** One place that was written. Times are milliseconds on the clock that nobody sets. */
interface Place {
  readonly resource: ManagedResource;
  readonly path: string;
  readonly managers: Set<string>;
  /** What was written there last. */
  target: Json | undefined;
  at: number;
  /** When it was put back: written again, with nothing else wanted. */
  times: readonly number[];
  /** How far apart it is put back; undefined as long as nobody fights. */
  spacing?: number;
}

/**
 * Which places of a trigger's resources were put back how often, and which of them are contested. A place is put back when
 * it has drifted, or when the same is written there again: so says the memory, where the record is already another trigger's.
 */
export class Fights {
  readonly #limits: FightLimits;
  readonly #places = new Map<string, Place>();
  /** Resources that were removed in order to be made anew. */
  readonly #recreated = new Set<string>();

  constructor(limits: FightLimits) {
    this.#limits = limits;
  }

  /** Whether nothing was done lately that could ever be a fight. */
  get isEmpty(): boolean {
    return this.#places.size === 0 && this.#recreated.size === 0;
  }

  /** Takes note of what a run did. */
  note(actions: readonly ActionReport[], now: number): void {
    for (const action of actions) this.#noteOne(action, now);
    for (const [key, { at }] of this.#places) {
      if (now - at >= this.#window) this.#places.delete(key);
    }
  }

  /** The contested resources that may not be put right yet, by key. */
  held(now: number): ReadonlyMap<string, Hold> {
    const held = new Map<string, { ms: number; wanted: Map<string, Json | undefined> }>();
    for (const { resource, path, target, times, spacing = 0 } of this.#places.values()) {
      const left = lastOf(times) + spacing - now;
      if (spacing === 0 || left <= 0) continue;
      const key = managedKey(resource);
      const hold = held.get(key) ?? { ms: 0, wanted: new Map() };
      held.set(key, hold);
      hold.ms = Math.max(left, hold.ms);
      hold.wanted.set(path, target);
    }
    return held;
  }

  /** The fights that go on. */
  current(now: number): readonly Fight[] {
    return [...this.#places.values()].flatMap(({ resource, path, managers, times, spacing }) => {
      const endsInMs = lastOf(times) + this.#window - now;
      if (spacing === undefined || endsInMs <= 0) return [];
      return [{ resource, ...(path === '' ? {} : { path }), managers: [...managers].sort(), endsInMs }];
    });
  }

  #noteOne({ type, resource, differences, drift, done, contested = [] }: ActionReport, now: number): void {
    if (!done) return;
    const key = managedKey(resource);
    const isOurs = this.#recreated.delete(key);
    if (type === 'create' && !isOurs) this.#written({ resource, path: '', contested, now }, true);
    if (type === 'recreate') this.#recreated.add(key);
    if (type !== 'patch' && type !== 'recreate') return;
    for (const { path, target } of differences) {
      this.#written({ resource, path: formatPath(path), target, contested, now }, drift === 'corrected');
    }
  }

  #written({ resource, path, target, contested, now }: Write, isDrift: boolean): void {
    const { times, initialSeconds, maximumSeconds } = this.#limits;
    const key = `${managedKey(resource)} ${path}`;
    const known = this.#places.get(key);
    const place = known ?? { resource, path, managers: new Set<string>(), target, at: now, times: [] };
    this.#places.set(key, place);
    const isPutBack = isDrift || (known !== undefined && equalJson(known.target ?? null, target ?? null));
    place.target = target;
    place.at = now;
    if (!isPutBack) return;
    for (const { manager } of concerning(path, contested)) place.managers.add(manager);
    place.times = [...place.times.filter((at) => now - at < this.#window), now].slice(-times);
    if (place.spacing !== undefined) place.spacing = Math.min(place.spacing * 2, maximumSeconds * 1000);
    else if (place.times.length === times) place.spacing = Math.min(initialSeconds, maximumSeconds) * 1000;
  }

  get #window(): number {
    return this.#limits.windowSeconds * 1000;
  }
}

interface Write extends Pick<Place, 'resource' | 'path'> {
  readonly target?: Json | undefined;
  readonly contested: readonly ContestedField[];
  readonly now: number;
}

function lastOf(times: readonly number[]): number {
  return times.at(-1) ?? Number.NEGATIVE_INFINITY;
}

/** Stores write paths in ways of their own, entries of lists above all: when none is the same, any may be it. */
function concerning(path: string, contested: readonly ContestedField[]): readonly ContestedField[] {
  const same = contested.filter((field) => field.path.replace(/^\./, '') === path);
  return same.length === 0 ? contested : same;
}
