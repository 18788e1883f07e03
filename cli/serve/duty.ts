import { BehaviorSubject, distinctUntilChanged, EMPTY, map, type Observable, switchMap } from 'rxjs';
import type { Kernel } from '../../kernel/index.js';

/** What a process that runs the loop is at now. */
export type Duty =
  /** Nothing runs yet. */
  | { readonly type: 'starting' }
  /** Another process does the work; this one takes over when that ends. */
  | { readonly type: 'standby' }
  /** `elected`: because it leads, and not because it is the only one. */
  | { readonly type: 'working'; readonly kernel: Kernel; readonly elected: boolean }
  /** Runs that go on are given their time. */
  | { readonly type: 'stopping'; readonly kernel?: Kernel };

/** Where a process says what it is at, for those who look on: probes and metrics. Kernels come and go in it. */
export class DutyBoard {
  readonly #duty = new BehaviorSubject<Duty>({ type: 'starting' });

  get now(): Duty {
    return this.#duty.value;
  }

  /** The kernel of now; undefined where there is none. */
  get kernel(): Kernel | undefined {
    return kernelOf(this.now);
  }

  set(duty: Duty): void {
    this.#duty.next(duty);
  }

  /** Says that it stops; the kernel of now goes on until it has stopped. */
  stopping(): void {
    const { kernel } = this;
    this.set({ type: 'stopping', ...(kernel === undefined ? {} : { kernel }) });
  }

  /** What each kernel tells by a stream of its own, one kernel after the other. */
  follow<T>(stream: (kernel: Kernel) => Observable<T>): Observable<T> {
    return this.#duty.pipe(
      map(kernelOf),
      distinctUntilChanged(),
      switchMap((kernel) => (kernel === undefined ? EMPTY : stream(kernel))),
    );
  }
}

function kernelOf(duty: Duty): Kernel | undefined {
  return 'kernel' in duty ? duty.kernel : undefined;
}
