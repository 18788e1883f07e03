import type { CancelTimer, Clock, Resource, StoreEvent } from 'koreo-kernel/plugin';
import { Observable } from 'rxjs';

/** What a watch looks at, and how often. */
export interface WatchedFiles {
  readonly clock: Clock;
  readonly pollSeconds: number;
  /** All that is there now. */
  list(): Promise<readonly Resource[]>;
  /** Told why a look failed; the next one is made all the same. */
  incident(error: unknown): void;
}

/** What is there, then `synced`, then what has changed each time that it looks. Cold, heals itself, never ends. */
export function watchFiles(files: WatchedFiles): Observable<StoreEvent> {
  return new Observable((subscriber) => {
    let known: ReadonlyMap<string, Resource> = new Map();
    let synced = false;
    let cancel: CancelTimer | undefined;

    const look = async (): Promise<void> => {
      const found = new Map((await files.list()).map((one) => [one.metadata.name, one]));
      if (subscriber.closed) return;
      for (const event of changes(known, found)) subscriber.next(event);
      known = found;
      if (!synced) subscriber.next({ type: 'synced' });
      synced = true;
    };
    const round = async (): Promise<void> => {
      await look().catch((error: unknown) => files.incident(error));
      if (!subscriber.closed) cancel = files.clock.schedule(files.pollSeconds * 1000, round);
    };

    void round();
    return () => cancel?.();
  });
}

function changes(known: ReadonlyMap<string, Resource>, found: ReadonlyMap<string, Resource>): readonly StoreEvent[] {
  const present = [...found].flatMap(([name, resource]): StoreEvent[] => {
    const before = known.get(name);
    if (before === undefined) return [{ type: 'added', resource }];
    const isSame = before.metadata.resourceVersion === resource.metadata.resourceVersion;
    return isSame ? [] : [{ type: 'modified', resource }];
  });
  const gone = [...known].flatMap(([name, resource]): StoreEvent[] =>
    found.has(name) ? [] : [{ type: 'deleted', resource }],
  );
  return [...present, ...gone];
}
