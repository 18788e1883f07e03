import {
  AlreadyExistsError,
  type CancelTimer,
  type Clock,
  FencedError,
  type JsonObject,
  NotFoundError,
  type Notice,
  type Resource,
  StoreError,
  UnknownKindError,
} from '../../../kernel/plugin.js';
import type { ApiClient } from '../api/api-client.js';
import { EventCorrelator } from './event-correlator.js';
import { CORE_V1, EVENTS_V1, type EventForm, eventNamespace, type Reporter } from './event-form.js';
import type { EventRecord } from './event-record.js';

/** So many may wait to be sent; more are dropped. */
const QUEUE = 1000;
/** What an Event is tried again after, in milliseconds, when the server could not take it. */
const RETRIES = [1000, 4000];
/** How long what waits may take to be sent when the recorder is closed. */
const FLUSH_MS = 1000;

export interface EventRecorderOptions {
  readonly client: Pick<ApiClient, 'send'>;
  readonly clock: Clock;
  readonly reporter: Reporter;
}

/**
 * Writes Events about objects, where `kubectl describe` shows them. Best effort, and in nobody's way: one after the other,
 * aggregated as client-go does, tried a few times and then dropped.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #correlator: EventCorrelator;
  readonly #queue = new Set<EventRecord>();
  readonly #closing = new AbortController();
  /** The newest form that the server has. */
  #form: EventForm = EVENTS_V1;
  #sending: Promise<void> | undefined;
  #closed = false;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#correlator = new EventCorrelator(options.clock);
  }

  /** Takes note of what is to be told. Never waits, never throws. */
  record(about: Resource, notice: Notice): void {
    if (this.#closed) return;
    const record = this.#correlator.correlate(about, notice);
    if (record === undefined || this.#queue.size >= QUEUE) return;
    this.#queue.add(record);
    this.#sending ??= this.#sendAll();
  }

  /** Takes nothing more, and gives what waits a short time to be sent. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#sending === undefined) return;
    let cancel: CancelTimer = () => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.#options.clock.schedule(FLUSH_MS, resolve);
    });
    await Promise.race([this.#sending, late]);
    cancel();
    this.#closing.abort();
  }

  async #sendAll(): Promise<void> {
    // What is told at one moment is counted together before the first is sent.
    await Promise.resolve();
    for (const record of this.#queue) {
      this.#queue.delete(record);
      await this.#send(record);
      if (this.#closing.signal.aborted) this.#queue.clear();
    }
    this.#sending = undefined;
  }

  async #send(record: EventRecord): Promise<void> {
    for (const delay of [...RETRIES, undefined]) {
      try {
        await this.#write(record);
        return;
      } catch (error) {
        // Another process acts now, and tells for itself.
        if (error instanceof FencedError) this.#queue.clear();
        if (delay === undefined || !mayHeal(error) || this.#closing.signal.aborted) return;
        await this.#wait(delay);
      }
    }
  }

  async #write(record: EventRecord): Promise<void> {
    try {
      await (record.stored ? this.#update(record) : this.#create(record));
    } catch (error) {
      if (error instanceof NotFoundError && record.stored) {
        // Events are kept for an hour; this one is begun anew.
        delete record.name;
        record.stored = false;
        await this.#create(record);
      } else if (error instanceof UnknownKindError && this.#form === EVENTS_V1) {
        this.#form = CORE_V1;
        await this.#create(record);
      } else {
        throw error;
      }
    }
  }

  async #create(record: EventRecord): Promise<void> {
    const { client, reporter } = this.#options;
    const namespace = eventNamespace(record);
    const { kind, path, body } = this.#formOf(record);
    record.name ??= this.#nameFor(record.about);
    const event: JsonObject = { ...kind, metadata: { name: record.name, namespace }, ...body(record, reporter) };
    const { signal } = this.#closing;
    try {
      await client.send({ method: 'POST', path: path(namespace), body: event, verb: 'create', kind, signal });
    } catch (error) {
      // A try whose answer was lost had taken effect.
      if (!(error instanceof AlreadyExistsError)) throw error;
    }
    record.stored = true;
  }

  async #update(record: EventRecord): Promise<void> {
    const { kind, path, patch } = this.#formOf(record);
    await this.#options.client.send({
      method: 'PATCH',
      path: `${path(eventNamespace(record))}/${encodeURIComponent(record.name ?? '')}`,
      contentType: 'application/merge-patch+json',
      body: patch(record),
      verb: 'patch',
      kind,
      signal: this.#closing.signal,
    });
  }

  /** Some servers refuse the modern form in `default`, where `kubectl` looks for Events of objects without a namespace. */
  #formOf({ about }: EventRecord): EventForm {
    return about.metadata.namespace === undefined ? CORE_V1 : this.#form;
  }

  /** As in client-go: the object's name and a number that is unlike any other; where that is no name for an Event, its kind's. */
  #nameFor({ kind, metadata: { name } }: Resource): string {
    const { clock } = this.#options;
    const number = Math.floor(clock.now() * 4096 + clock.random() * 4096).toString(16);
    const random = Math.floor(clock.random() * 65_536).toString(16);
    const base = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name)
      ? name
      : kind.toLowerCase();
    return `${base.slice(0, 220).replace(/[-.]+$/, '')}.${number}${random.padStart(4, '0')}`;
  }

  async #wait(ms: number): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    let cancel: CancelTimer = () => undefined;
    await new Promise<void>((resolve) => {
      cancel = this.#options.clock.schedule(ms, resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    cancel();
  }
}

/** Whether the same call may succeed later. */
function mayHeal(error: unknown): boolean {
  return error instanceof StoreError && error.retriable && !(error instanceof FencedError);
}
