import { type Observable, Subscription } from 'rxjs';
import type { Clock, JsonObject } from '../../../kernel/plugin.js';

/** What {@link followStream} keeps to. */
export interface StreamBounds {
  readonly clock: Clock;
  /** After how many milliseconds without a line the stream is given up. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

/** How a stream came to its end without an error. */
export type StreamEnd = 'closed' | 'silent' | 'aborted';

/** Hands each line on until the stream ends, says nothing for too long, or is not wanted any more. Rejects with what `take` throws, too. */
export function followStream(
  stream: Observable<JsonObject>,
  take: (line: JsonObject) => void,
  { clock, silenceMs, signal }: StreamBounds,
): Promise<StreamEnd> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve('aborted');
    const following = new Subscription();
    const end = (settle: () => void): void => {
      following.unsubscribe();
      settle();
    };
    const onAbort = (): void => end(() => resolve('aborted'));
    signal.addEventListener('abort', onAbort);
    following.add(() => signal.removeEventListener('abort', onAbort));
    let cancel = (): void => undefined;
    const listen = (): void => {
      cancel();
      cancel = clock.schedule(silenceMs, () => end(() => resolve('silent')));
    };
    following.add(() => cancel());
    listen();
    following.add(
      stream.subscribe({
        next: (line) => {
          if (following.closed) return;
          listen();
          try {
            take(line);
          } catch (error) {
            end(() => reject(error));
          }
        },
        error: (error: unknown) => end(() => reject(error)),
        complete: () => end(() => resolve('closed')),
      }),
    );
  });
}
