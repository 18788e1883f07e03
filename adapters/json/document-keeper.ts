import { BehaviorSubject, Observable, type Subscription } from 'rxjs';
import {
  type CancelTimer,
  type Clock,
  type Selector,
  type StoreEvent,
  type StoreHealth,
  UnavailableError,
  WatchQueue,
} from '../../kernel/index.js';
import { FileChangedError } from '../files/file-errors.js';
import type { DocumentChange, DocumentContent, DocumentPlace } from './document-content.js';
import { Draft } from './draft.js';
import { Pending } from './pending.js';
import { Snapshot, type SnapshotSource } from './snapshot.js';
import { Turns } from './turns.js';

/** What a {@link DocumentKeeper} is made with. */
export interface DocumentKeeperOptions {
  readonly place: DocumentPlace;
  readonly source: SnapshotSource;
  readonly clock: Clock;
  readonly maxDepth: number;
}

/** How often a write is redone because the document has changed meanwhile. */
const MAXIMUM_ATTEMPTS = 50;
/** Milliseconds between two looks at a document that somebody seems to be writing. */
const LOOK_AGAIN_MS = 20;
/** Milliseconds that a write waits for such a document: it may be written for longer than it takes to settle. */
const MAXIMUM_WAIT_MS = 10_000;

interface Read {
  readonly type: 'read';
  answer(snapshot: Snapshot): void;
  reject(error: unknown): void;
}

interface Write {
  readonly type: 'write';
  readonly call: Pick<Pending<unknown>, 'aborted' | 'begin' | 'reject'>;
  /** Decides on the draft, and gives what tells the caller, for when the draft has come true. */
  decide(draft: Draft): () => void;
}

/** What a turn's writes come to. */
interface Decision {
  readonly change: DocumentChange | undefined;
  readonly answers: readonly (() => void)[];
}

/**
 * Keeps a store's view of a document: reads it as it is, makes writes that come together in one step, and tells watchers
 * what has changed, whoever changed it.
 */
export class DocumentKeeper {
  readonly #place: DocumentPlace;
  readonly #clock: Clock;
  readonly #maxDepth: number;
  readonly #health = new BehaviorSubject<StoreHealth>({ state: 'starting', problems: [] });
  readonly #watches = new Set<WatchQueue>();
  readonly #turns = new Turns<Read | Write>((requests) => this.#take(requests));
  #snapshot: Snapshot;
  #watchers = 0;
  #watching: Subscription | undefined;
  #settling: CancelTimer | undefined;
  #closed = false;

  constructor({ place, source, clock, maxDepth }: DocumentKeeperOptions) {
    this.#place = place;
    this.#clock = clock;
    this.#maxDepth = maxDepth;
    this.#snapshot = new Snapshot(source, NOTHING);
  }

  get health(): Observable<StoreHealth> {
    return this.#health.asObservable();
  }

  /** What `pick` takes from the document as it is now. @throws UnavailableError when the document has never been readable */
  async read<T>(pick: (snapshot: Snapshot) => T, signal?: AbortSignal): Promise<T> {
    const call = new Pending<T>(signal);
    this.#ask({
      type: 'read',
      answer: (snapshot) => {
        const { fault } = snapshot.content;
        if (fault?.blind === true) call.reject(fault.error);
        else call.resolve(pick(snapshot));
      },
      reject: (error) => call.reject(error),
    });
    return call.answer;
  }

  /** Makes what `decide` does to the draft come true; it may be asked several times, on newer drafts, and what it throws is the answer. */
  async write<T>(decide: (draft: Draft) => T, signal?: AbortSignal): Promise<T> {
    const call = new Pending<T>(signal);
    this.#ask({
      type: 'write',
      call,
      decide: (draft) => {
        const value = decide(draft);
        return () => call.resolve(value);
      },
    });
    return call.answer;
  }

  /** Looks at the document now, and tells watchers what has changed. */
  async refresh(): Promise<void> {
    const call = new Pending<void>(undefined);
    this.#ask({ type: 'read', answer: () => call.resolve(), reject: (error) => call.reject(error) });
    return call.answer;
  }

  watch(selector: Selector): Observable<StoreEvent> {
    return new Observable((subscriber) => {
      const queue = new WatchQueue(selector, (event) => subscriber.next(event));
      const begin = (): void => {
        if (this.#closed || subscriber.closed) return;
        this.#watches.add(queue);
        queue.push(this.#snapshot.beginning());
      };
      this.#watchPlace();
      // A document that cannot be read has nothing to begin with; what is wrong is for `health` to say.
      this.refresh().then(begin, begin);
      return () => {
        queue.close();
        this.#watches.delete(queue);
        this.#unwatchPlace();
      };
    });
  }

  /** Does what is asked for already, and nothing after it. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const queue of this.#watches) queue.close();
    this.#watches.clear();
    this.#watching?.unsubscribe();
    await this.#turns.idle();
    this.#settling?.();
  }

  #ask(request: Read | Write): void {
    if (this.#closed) throw new UnavailableError('the store is closed');
    this.#turns.ask(request);
  }

  async #take(requests: readonly (Read | Write)[]): Promise<void> {
    const reads = requests.filter((request) => request.type === 'read');
    const writes = requests.filter((request) => request.type === 'write');
    try {
      await this.#look();
      await this.#settleHeld();
      for (const read of reads) read.answer(this.#snapshot);
      if (writes.length > 0) await this.#write(writes);
    } catch (error) {
      for (const read of reads) read.reject(error);
      for (const { call } of writes) call.reject(error);
    }
  }

  /** Where that cannot be written, what is held stays as it was known, and the next look tries again. */
  async #settleHeld(): Promise<void> {
    if (this.#snapshot.unsettled().length === 0) return;
    const call = { aborted: false, begin: () => undefined, reject: () => undefined };
    const since = new Date(this.#clock.now()).toISOString();
    const decide = (draft: Draft) => {
      draft.settle(since);
      return () => undefined;
    };
    await this.#write([{ type: 'write', call, decide }]).catch(() => undefined);
  }

  async #write(writes: readonly Write[]): Promise<void> {
    await this.#untilReliable();
    const decision = this.#decide(writes);
    // Locks are files too: where nothing is to change, none is written.
    const done = decision.change === undefined ? decision : await this.#place.exclusively(() => this.#make(writes));
    for (const answer of done.answers) answer();
  }

  /** Decides anew whenever somebody has changed the document between the look and the write. */
  async #make(writes: readonly Write[]): Promise<Decision> {
    for (let attempt = 0; attempt < MAXIMUM_ATTEMPTS; attempt++) {
      await this.#look();
      await this.#untilReliable();
      const decision = this.#decide(writes);
      if (decision.change === undefined) return decision;
      for (const { call } of writes) call.begin();
      try {
        this.#adopt(await this.#place.write(decision.change));
        return decision;
      } catch (error) {
        if (!(error instanceof FileChangedError)) throw error;
      }
    }
    throw new UnavailableError('the document is changed by somebody else all the time');
  }

  #decide(writes: readonly Write[]): Decision {
    const draft = new Draft(this.#snapshot, this.#maxDepth);
    const answers = writes.flatMap((write) => {
      if (write.call.aborted) return [];
      try {
        return [write.decide(draft)];
      } catch (error) {
        return [() => write.call.reject(error)];
      }
    });
    return { change: draft.change(), answers };
  }

  async #look(): Promise<void> {
    this.#adopt(await this.#place.read());
  }

  /** @throws UnavailableError when the document cannot be read, and that is not for a moment */
  async #untilReliable(): Promise<void> {
    const deadline = this.#clock.now() + MAXIMUM_WAIT_MS;
    for (;;) {
      const { fault } = this.#snapshot.content;
      if (fault === undefined) return;
      if (fault.settlesIn === undefined || this.#clock.now() >= deadline) throw fault.error;
      const pause = Math.min(fault.settlesIn, LOOK_AGAIN_MS);
      await new Promise<void>((resolve) => {
        this.#clock.schedule(pause, resolve);
      });
      await this.#look();
    }
  }

  #adopt(content: DocumentContent): void {
    const before = this.#snapshot;
    if (content === before.content) return;
    this.#snapshot = new Snapshot(before.source, content, before);
    this.#tellHealth();
    this.#settling?.();
    const { settlesIn } = content.fault ?? {};
    if (settlesIn !== undefined) this.#settling = this.#clock.schedule(settlesIn, () => this.#lookAgain());
    const events = this.#snapshot.changesSince(before);
    for (const queue of [...this.#watches]) queue.push(events);
  }

  #tellHealth(): void {
    const { problems, content } = this.#snapshot;
    // While somebody seems to be writing, what was known before stays in force.
    if (content.fault?.settlesIn !== undefined) return;
    this.#health.next({ state: problems.length === 0 ? 'healthy' : 'degraded', problems });
  }

  #lookAgain(): void {
    // What goes wrong shows in the health.
    if (!this.#closed) this.refresh().catch(() => undefined);
  }

  #watchPlace(): void {
    this.#watchers += 1;
    if (!this.#closed) this.#watching ??= this.#place.changes.subscribe(() => this.#lookAgain());
  }

  #unwatchPlace(): void {
    this.#watchers -= 1;
    if (this.#watchers > 0) return;
    this.#watching?.unsubscribe();
    this.#watching = undefined;
  }
}

/** Before the first look. */
const NOTHING: DocumentContent = {
  value: undefined,
  records: new Map(),
  problems: [],
  locate: () => undefined,
  doubledKeys: () => [],
};
