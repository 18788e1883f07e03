import type { Observable } from 'rxjs';
import {
  type Clock,
  errorMessage,
  ForbiddenError,
  type GroupVersionKind,
  type KindInfo,
  type Selector,
  type StoreEvent,
  UnavailableError,
  type WatchRestart,
} from '../../../kernel/plugin.js';
import type { ApiClient } from '../api/api-client.js';
import type { WatchOptions } from '../options.js';
import { BackOff } from './back-off.js';
import { pause } from './pause.js';
import { Reflector, type ReflectorState } from './reflector.js';
import { WatchedResources } from './watched-resources.js';

/** Looks a kind up; undefined when the server does not serve it. `refresh` asks the server anew. */
export type ResolveKind = (
  gvk: GroupVersionKind,
  options: { readonly signal?: AbortSignal; readonly refresh?: boolean },
) => Promise<KindInfo | undefined>;

/** How the watch of one kind is doing. */
export type KindWatchState = ReflectorState | { readonly type: 'missing' };

/** What a {@link KindWatch} works with. */
export interface KindWatchParts {
  readonly selector: Selector;
  readonly client: ApiClient;
  readonly resolve: ResolveKind;
  readonly clock: Clock;
  readonly times: WatchOptions;
  /** What a selector that names no namespace is restricted to; absent: all. */
  readonly namespaces?: readonly string[];
  readonly onState: (state: KindWatchState) => void;
  readonly onRestart: (why: WatchRestart) => void;
}

/** How soon a kind that is missing is looked for again. */
const LOOK_AGAIN = { first: 2_000, longest: 15_000, good: 60_000 };
/**
 * How long a kind that was there must be missing for its resources to be taken as gone: a server that has just started may
 * not know its custom kinds yet. A kind that is taken away tells of each resource itself.
 */
const PATIENCE_MS = 30_000;
const BACK_OFF = { first: 800, longest: 30_000, good: 60_000 };

/**
 * Watches what one selector means: finds out how the server serves the kind, and has a reflector for each collection to
 * watch. While the kind is missing it has no resources, and is looked for; it may come back with another plural or scope.
 */
export class KindWatch {
  readonly #parts: KindWatchParts;
  readonly #resources: WatchedResources;
  readonly #lookAgain: BackOff;
  readonly #backOff: BackOff;
  readonly #stopped = new AbortController();
  /** How the server served the kind when it did last. */
  #known: KindInfo | undefined;
  #missingSince: number | undefined;

  constructor(parts: KindWatchParts) {
    this.#parts = parts;
    this.#resources = new WatchedResources(parts.selector);
    this.#lookAgain = new BackOff(parts.clock, LOOK_AGAIN);
    this.#backOff = new BackOff(parts.clock, BACK_OFF);
  }

  get events(): Observable<StoreEvent> {
    return this.#resources.watch();
  }

  /** Whether all that was there at first has been told, or there is no such kind. */
  get synced(): boolean {
    return this.#resources.synced;
  }

  start(): void {
    this.#parts.onState({ type: 'listing' });
    void this.#run(this.#stopped.signal);
  }

  /** Closes connections and timers. Idempotent. */
  stop(): void {
    this.#stopped.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let refresh = false; !signal.aborted; refresh = true) {
      const kind = await this.#find(refresh, signal);
      if (signal.aborted) return;
      if (kind === undefined) this.#miss();
      else {
        this.#meet(kind);
        await this.#reflect(kind, signal);
      }
      // Discovery may lag behind a kind that has gone: whatever ended, the next look is not at once.
      const wait = this.#lookAgain.next();
      if (kind !== undefined && !signal.aborted) this.#doubt();
      await pause(this.#parts.clock, wait, signal);
    }
  }

  /** There is no such kind: there is nothing of it, and nothing to wait for but the kind. */
  #miss(): void {
    const { clock, onState } = this.#parts;
    this.#missingSince ??= clock.monotonic();
    if (clock.monotonic() - this.#missingSince >= PATIENCE_MS) this.#resources.clear();
    onState({ type: 'missing' });
    this.#resources.sync();
  }

  /** There is the kind. Of one that has come back in another form no resource is as it was. */
  #meet(kind: KindInfo): void {
    const { plural, namespaced } = this.#known ?? kind;
    if (plural !== kind.plural || namespaced !== kind.namespaced) this.#resources.clear();
    this.#known = kind;
    this.#missingSince = undefined;
  }

  /** The server does not serve the kind that its discovery named. Once, that is how a kind goes away. */
  #doubt(): void {
    const why = 'the server lists the kind, and does not serve it (404)';
    const again = this.#lookAgain.failures > 1;
    this.#parts.onState(again ? { type: 'failing', why, forbidden: false } : { type: 'listing' });
  }

  /** Asks until there is an answer. */
  async #find(refresh: boolean, signal: AbortSignal): Promise<KindInfo | undefined> {
    const { clock, onState, resolve, selector } = this.#parts;
    const { apiVersion, kind } = selector;
    for (;;) {
      try {
        return await resolve({ apiVersion, kind }, { signal, refresh });
      } catch (error) {
        if (signal.aborted) return undefined;
        onState({ type: 'failing', why: errorMessage(error), forbidden: error instanceof ForbiddenError });
        const seconds = error instanceof UnavailableError ? (error.retryAfter ?? 0) : 0;
        await pause(clock, this.#backOff.next(seconds * 1000), signal);
        if (signal.aborted) return undefined;
      }
    }
  }

  /** Keeps the resources true until the server does not serve the kind any more. */
  async #reflect(kind: KindInfo, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    const states = new Map<string | undefined, ReflectorState>();
    const unlisted = new Set(this.#scopes(kind));
    const running = [...unlisted].map((namespace) => {
      const reflector = new Reflector({
        ...this.#parts,
        kind,
        ...(namespace !== undefined && { namespace }),
        resources: this.#resources,
        onState: (state) => {
          states.set(namespace, state);
          if (!either.aborted) this.#parts.onState(worst([...states.values()]));
        },
        onListed: () => {
          unlisted.delete(namespace);
          if (unlisted.size === 0) this.#resources.sync();
        },
      });
      // One collection that is gone means that the kind is: all are begun anew together.
      return reflector.run(either).then(() => ended.abort());
    });
    await Promise.all(running);
  }

  /** The collections to watch: each namespace that counts, or all at once. */
  #scopes({ namespaced }: KindInfo): readonly (string | undefined)[] {
    const { namespaces, selector } = this.#parts;
    if (selector.namespace !== undefined) return [namespaced ? selector.namespace : undefined];
    return namespaced && namespaces !== undefined ? [...new Set(namespaces)] : [undefined];
  }
}

/** The state that stands for several: what fails before what is not there yet before what is well. */
function worst(states: readonly ReflectorState[]): ReflectorState {
  const failing = states.find(({ type }) => type === 'failing');
  return failing ?? states.find(({ type }) => type === 'listing') ?? { type: 'live' };
}
