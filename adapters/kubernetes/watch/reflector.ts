import {
  type Clock,
  errorMessage,
  ForbiddenError,
  isList,
  type JsonObject,
  type KindInfo,
  NotFoundError,
  UnavailableError,
  UnknownKindError,
  type WatchRestart,
} from '../../../kernel/plugin.js';
import type { ApiClient, ApiRequest } from '../api/api-client.js';
import { ExpiredError } from '../api/api-errors.js';
import type { WatchOptions } from '../options.js';
import { collectionPath } from '../resources/resource-path.js';
import { BackOff } from './back-off.js';
import { followStream, type StreamEnd } from './follow-stream.js';
import { pause } from './pause.js';
import { readItem, readWatchLine, revisionOf } from './watch-line.js';
import type { WatchedResources } from './watched-resources.js';

/** How one reflector is doing. */
export type ReflectorState =
  | { readonly type: 'listing' }
  | { readonly type: 'live' }
  /** `forbidden`: the server does not let us; else it does not answer as it should. */
  | { readonly type: 'failing'; readonly why: string; readonly forbidden: boolean };

/** What a {@link Reflector} works with. */
export interface ReflectorParts {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly times: WatchOptions;
  readonly kind: KindInfo;
  /** Absent: all namespaces, or a kind that has none. */
  readonly namespace?: string;
  readonly resources: WatchedResources;
  readonly onState: (state: ReflectorState) => void;
  /** All that was there has been told. Called after each list. */
  readonly onListed: () => void;
  readonly onRestart: (why: WatchRestart) => void;
}

const BACK_OFF = { first: 800, longest: 30_000, good: 60_000 };
/** A watch that the server ends sooner than this, having said nothing, has failed. */
const SHORTEST_MS = 1_000;
/** After so many failures in a row the revision is taken to be what the server stumbles over. */
const MOST_FRUITLESS = 10;

/** Keeps the resources of one collection true to the server: by a list, then by watches that go on where the last ended. */
export class Reflector {
  readonly #parts: ReflectorParts;
  readonly #backOff: BackOff;
  /** The last that was seen; undefined: a list is due. */
  #revision: string | undefined;
  #state: ReflectorState['type'] | undefined;
  /** A server may send no bookmarks for a kind to which nothing happens; that is then no sign of its being gone. */
  #isQuiet = false;

  constructor(parts: ReflectorParts) {
    this.#parts = parts;
    this.#backOff = new BackOff(parts.clock, BACK_OFF);
  }

  /** Works until the signal is aborted, or the server does not serve the kind any more. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    this.#tell({ type: 'listing' });
    while (!signal.aborted) {
      try {
        this.#revision ??= await this.#list(signal);
        await this.#watch(this.#revision, signal);
      } catch (error) {
        if (signal.aborted || error instanceof UnknownKindError || error instanceof NotFoundError) return;
        await this.#recover(error, signal);
      }
    }
  }

  /** Takes in what is there, page by page, and then what is not there any more. Gives the revision of the whole. */
  async #list(signal: AbortSignal): Promise<string> {
    const { client, resources, kind, namespace, onListed, times } = this.#parts;
    const seen = new Set<string>();
    let token = '';
    for (;;) {
      const query = { limit: String(times.pageSize), ...(token !== '' && { continue: token }) };
      const page = await client.send({ ...this.#request(query, signal), verb: 'list' });
      if (signal.aborted) throw signal.reason;
      if (!isList(page.items) && page.items !== null) throw new UnavailableError('the answer is no list');
      for (const item of page.items ?? []) seen.add(resources.put(readItem(item, kind)));
      token = continueToken(page);
      if (token !== '') continue;
      resources.retain(seen, namespace);
      const revision = revisionOf(page);
      this.#tell({ type: 'live' });
      onListed();
      return revision;
    }
  }

  /** One watch, from its beginning to its end, which is no failure. */
  async #watch(from: string, signal: AbortSignal): Promise<void> {
    const { client, clock, times } = this.#parts;
    const begun = clock.monotonic();
    const query = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: from,
      timeoutSeconds: String(this.#watchSeconds()),
    };
    const opened = (): void => this.#tell({ type: 'live' });
    const stream = client.stream({ ...this.#request(query, signal), verb: 'watch', onOpen: opened });
    const bounds = { clock, silenceMs: times.silenceSeconds * 1000, signal };
    const end: StreamEnd = await followStream(stream, (line) => this.#take(line), bounds);
    if (end === 'aborted') return;
    if (end === 'silent') this.#isQuiet = true;
    const isShort = end === 'closed' && this.#revision === from && clock.monotonic() - begun < SHORTEST_MS;
    if (isShort) throw new UnavailableError('the server ends the watch as soon as it has begun');
    this.#parts.onRestart(end);
  }

  /** How long the server is asked to keep the watch; where silence is usual, not so long that it could be taken for a sign. */
  #watchSeconds(): number {
    const { clock, times } = this.#parts;
    const least = this.#isQuiet ? Math.min(times.timeoutSeconds, times.silenceSeconds * 0.4) : times.timeoutSeconds;
    return Math.max(1, Math.round(least * (1 + clock.random())));
  }

  #take(line: JsonObject): void {
    const { kind, resources } = this.#parts;
    const said = readWatchLine(line, kind);
    this.#tell({ type: 'live' });
    switch (said.type) {
      case 'put':
        resources.put(said.resource);
        break;
      case 'remove':
        resources.remove(said.resource);
        break;
      case 'bookmark':
        break;
      case 'error':
        throw said.error;
    }
    this.#revision = said.revision;
  }

  /** Decides where to go on after a failure, and waits until it is time to. */
  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    const { clock, onRestart } = this.#parts;
    const isExpired = error instanceof ExpiredError;
    const wait = this.#backOff.next(retryAfterMs(error));
    const { failures } = this.#backOff;
    if (this.#revision !== undefined) onRestart(isExpired ? 'expired' : 'error');
    if (isExpired || failures % MOST_FRUITLESS === 0) this.#revision = undefined;
    // That a revision is not kept any more happens to everybody; only when it goes on like that something is wrong.
    if (isExpired && failures === 1) return;
    this.#tell({ type: 'failing', why: errorMessage(error), forbidden: error instanceof ForbiddenError });
    await pause(clock, wait, signal);
  }

  #request(query: Readonly<Record<string, string>>, signal: AbortSignal): Omit<ApiRequest, 'verb'> {
    const { kind, namespace } = this.#parts;
    const { apiVersion, kind: name } = kind;
    return { method: 'GET', path: collectionPath(kind, namespace), query, signal, kind: { apiVersion, kind: name } };
  }

  #tell(state: ReflectorState): void {
    if (state.type === this.#state && state.type !== 'failing') return;
    this.#state = state.type;
    this.#parts.onState(state);
  }
}

function continueToken({ metadata }: JsonObject): string {
  const token = typeof metadata === 'object' && metadata !== null && 'continue' in metadata ? metadata.continue : '';
  return typeof token === 'string' ? token : '';
}

function retryAfterMs(error: unknown): number {
  return error instanceof UnavailableError ? (error.retryAfter ?? 0) * 1000 : 0;
}
