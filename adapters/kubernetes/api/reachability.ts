import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs';

/** How the server stands, as far as calls have told. */
export type Reach =
  | { readonly type: 'unknown' }
  | { readonly type: 'reached' }
  /** `why` in a person's words. */
  | { readonly type: 'failed'; readonly why: string };

/** Remembers whether the last call found the server well. */
export class Reachability {
  readonly #reach = new BehaviorSubject<Reach>({ type: 'unknown' });
  /** The present state, then every change. */
  readonly changes: Observable<Reach> = this.#reach.pipe(
    distinctUntilChanged(
      (a, b) => a.type === b.type && (a.type !== 'failed' || b.type !== 'failed' || a.why === b.why),
    ),
  );

  reached(): void {
    if (this.#reach.value.type !== 'reached') this.#reach.next({ type: 'reached' });
  }

  failed(why: string): void {
    this.#reach.next({ type: 'failed', why });
  }
}
