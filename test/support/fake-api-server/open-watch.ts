import { type ApiCall, isTrue } from './api-call.js';
import { ApiError } from './api-error.js';
import type { ApiObject } from './api-object.js';
import { isIn, revisionOf } from './collection-api.js';
import { inVersion } from './resource-api.js';
import type { Change, RevisionStore } from './revision-store.js';
import { selectorOf } from './selectors.js';
import { apiVersionOf, resourceName } from './served-kind.js';

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** Where a watch writes to. */
export interface WatchSink {
  /** The watch is taken. */
  open(): void;
  write(text: string): void;
  /** Ends the answer as it should. */
  end(): void;
  /** Breaks the answer off, after a last text. */
  cut(last: string): void;
}

/** One watch that a client has open, and what a test can do to it. */
export class OpenWatch {
  readonly #call: ApiCall;
  readonly #objects: RevisionStore;
  readonly #sink: WatchSink;
  readonly #matches: (object: ApiObject) => boolean;
  #timer: NodeJS.Timeout | undefined;
  #stopListening: () => void = () => undefined;
  #revision = 0;
  #stopped = false;
  #last: string | undefined;
  #held: string[] | undefined;

  constructor(call: ApiCall, objects: RevisionStore, sink: WatchSink) {
    this.#call = call;
    this.#objects = objects;
    this.#sink = sink;
    this.#matches = selectorOf(call.query);
  }

  /** The kind's resource, as `widgets.example.com`. */
  get resource(): string {
    return resourceName(this.#call.kind);
  }

  get namespace(): string | undefined {
    return this.#call.target.namespace;
  }

  get query(): URLSearchParams {
    return this.#call.query;
  }

  /** Answers, tells what has happened since the client's revision, and goes on. */
  open(): void {
    const backlog = this.#backlog();
    this.#sink.open();
    if (backlog instanceof ApiError) {
      this.error(backlog);
      this.close();
      return;
    }
    for (const change of backlog) this.#tell(change);
    this.#stopListening = this.#objects.listen((change) => {
      if (change.resource === this.resource) this.#tell(change);
    });
    const seconds = Number(this.#call.query.get('timeoutSeconds') ?? 1800);
    this.#timer = setTimeout(() => {
      this.bookmark();
      this.close();
    }, seconds * 1000);
    this.#timer.unref();
  }

  /** Tells nothing any more: the client has gone. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#stopListening();
  }

  /** Ends it between two lines, as a server does when its time is up. */
  close(): void {
    this.stop();
    this.#sink.end();
  }

  /** Breaks the connection off between two lines. */
  cut(): void {
    this.stop();
    this.#sink.cut('');
  }

  /** Breaks the connection off in the middle of a line. */
  cutInLine(): void {
    this.stop();
    this.#sink.cut('{"type":"ADDED","object":{"apiVersion":"v1","kind":"Thi');
  }

  /** Tells the revision that the client has come to, if it asked for that. */
  bookmark(): void {
    if (!isTrue(this.#call.query.get('allowWatchBookmarks'))) return;
    const { kind, target } = this.#call;
    const metadata = { resourceVersion: String(this.#objects.revision), creationTimestamp: null };
    this.#write('BOOKMARK', { kind: kind.kind, apiVersion: apiVersionOf(target.group, target.version), metadata });
  }

  /** Tells an error as an event, which leaves the connection as it is. */
  error(error: ApiError): void {
    this.#write('ERROR', error.status);
  }

  /** Sends a line as it is given. */
  send(line: string): void {
    this.#put(`${line}\n`);
  }

  /** Tells its last line once more. */
  repeat(): void {
    if (this.#last !== undefined) this.#put(this.#last);
  }

  /** Tells nothing more, and stays open. */
  hold(): void {
    this.#held ??= [];
  }

  /** Tells what it has held back, and goes on. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const text of held) this.#put(text);
  }

  #backlog(): readonly Change[] | ApiError {
    const asked = this.#call.query.get('resourceVersion') ?? '';
    if (asked === '' || asked === '0') {
      this.#revision = this.#objects.revision;
      return this.#objects.at(this.resource, this.#revision).map(([, object]) => ({
        type: 'ADDED',
        resource: this.resource,
        revision: this.#revision,
        object,
      }));
    }
    this.#revision = revisionOf(asked);
    try {
      return this.#objects.since(this.resource, this.#revision);
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
  }

  #tell(change: Change): void {
    const { object, before } = change;
    const is = change.type !== 'DELETED' && this.#isMeant(object);
    const was = before !== undefined && this.#isMeant(before);
    if (!is && !was) return;
    const type = is ? (was ? 'MODIFIED' : 'ADDED') : 'DELETED';
    this.#write(type, inVersion(object, this.#call));
  }

  #isMeant(object: ApiObject): boolean {
    return isIn(object, this.#call.target.namespace) && this.#matches(object);
  }

  #write(type: EventType, object: unknown): void {
    this.#last = `${JSON.stringify({ type, object })}\n`;
    this.#put(this.#last);
  }

  #put(text: string): void {
    if (this.#held !== undefined) this.#held.push(text);
    else if (!this.#stopped) this.#sink.write(text);
  }
}
