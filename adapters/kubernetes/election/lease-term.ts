import {
  AlreadyExistsError,
  type CancelTimer,
  type Clock,
  ConflictError,
  errorMessage,
  FencedError,
  type LeadershipTerm,
  NotFoundError,
} from '../../../kernel/plugin.js';
import type { Claim, Lease } from './lease.js';
import type { LeaseClient } from './lease-client.js';
import type { Moment } from './moment.js';
import { jittered, pause } from './pause.js';

/** What a term is held with. */
export interface TermParts {
  readonly client: LeaseClient;
  readonly clock: Clock;
  /** `the lease koreo/koreo`. */
  readonly what: string;
  /** How the holder is called in the Lease. */
  readonly holder: string;
  readonly leaseSeconds: number;
  readonly renewDeadlineSeconds: number;
  readonly retrySeconds: number;
  /** Now, as a moment to count from. */
  readonly now: () => Moment;
}

/** A claim that an API server has taken. */
export interface Held {
  readonly lease: Lease;
  /** Right before the claim was sent: from then on others may be waiting for its time to be over. */
  readonly sent: Moment;
}

/** So often in a row a Lease is written over that is still ours, and was changed meanwhile. */
const TRIES = 3;

/** What a released Lease asks others to wait. Kubernetes takes no less; nobody waits for a holder without a name. */
const RELEASED_SECONDS = 1;

/**
 * Holds a Lease by renewing it, for as long as that succeeds. The term is over when the last renewal that succeeded was
 * sent longer ago than the deadline, or when somebody else holds the Lease; nothing that happens afterwards revives it.
 */
export class LeaseTerm implements LeadershipTerm {
  readonly title: string;
  readonly #parts: TermParts;
  readonly #end = new AbortController();
  readonly #renewing: Promise<void>;
  #held: Held;
  /** What the last try to renew came to, when it failed. */
  #trouble = '';
  #cancelDeadline: CancelTimer = () => undefined;
  #releasing: Promise<void> | undefined;

  constructor(parts: TermParts, held: Held) {
    this.#parts = parts;
    this.#held = held;
    this.title = `${parts.what}, as ${parts.holder}`;
    this.#awaitDeadline();
    this.#renewing = this.#keepRenewing();
  }

  get ended(): AbortSignal {
    return this.#end.signal;
  }

  check(): void {
    this.#endIfLate();
    this.ended.throwIfAborted();
  }

  release(): Promise<void> {
    this.#releasing ??= this.#release();
    return this.#releasing;
  }

  get #age(): number {
    return this.#held.sent.age;
  }

  get #deadline(): number {
    return this.#parts.renewDeadlineSeconds * 1000;
  }

  #endIfLate(): void {
    if (this.#age < this.#deadline) return;
    const { what, renewDeadlineSeconds } = this.#parts;
    this.#endBecause(`${what} was not renewed for ${renewDeadlineSeconds} s${this.#trouble}`);
  }

  #endBecause(why: string): void {
    if (this.ended.aborted) return;
    this.#cancelDeadline();
    this.#end.abort(new FencedError(why));
  }

  #awaitDeadline(): void {
    this.#cancelDeadline();
    // In whole milliseconds: of less than one a clock may not notice that it has passed, and would be asked for ever.
    this.#cancelDeadline = this.#parts.clock.schedule(Math.ceil(this.#deadline - this.#age), () => {
      this.#endIfLate();
      // A timer may be early by the clock that is asked.
      if (!this.ended.aborted) this.#awaitDeadline();
    });
  }

  async #keepRenewing(): Promise<void> {
    const { clock, retrySeconds } = this.#parts;
    for (;;) {
      await pause(clock, jittered(clock, retrySeconds * 1000), this.ended);
      if (this.ended.aborted) return;
      await this.#renew();
    }
  }

  /** One try; a Lease that was changed meanwhile, and is still ours, is written over. */
  async #renew(): Promise<void> {
    const { leaseSeconds } = this.#parts;
    try {
      if (!(await this.#claim(this.#parts.holder, leaseSeconds))) return;
      this.#trouble = '';
      this.#endIfLate();
      if (!this.ended.aborted) this.#awaitDeadline();
    } catch (error) {
      this.#trouble = `: ${errorMessage(error)}`;
    }
  }

  /** Writes a claim; gives whether the Lease was still ours to write. @throws StoreError */
  async #claim(holder: string, seconds: number): Promise<boolean> {
    const { client, now } = this.#parts;
    let over: Lease | undefined = this.#held.lease;
    for (let tries = 1; ; tries += 1) {
      const sent = now();
      try {
        this.#held = { lease: await client.write(this.#claimOf(holder, seconds), over), sent };
        return true;
      } catch (error) {
        if (!isStale(error) || tries === TRIES) throw error;
      }
      over = await client.read();
      if (over !== undefined && over.holder !== this.#parts.holder) {
        this.#endBecause(over.holder === '' ? `${this.#parts.what} was taken away` : heldBy(this.#parts.what, over));
        return false;
      }
    }
  }

  #claimOf(holder: string, seconds: number): Claim {
    return { holder, seconds, now: this.#parts.clock.now(), begins: false };
  }

  async #release(): Promise<void> {
    this.#endIfLate();
    const held = !this.ended.aborted;
    // The fence falls first: nothing is written any more when the Lease may be another's. Then no renewal may follow.
    this.#endBecause(`${this.#parts.what} was given up`);
    await this.#renewing;
    if (!held) return;
    // Who cannot give it up leaves it to run out.
    await this.#claim('', RELEASED_SECONDS).catch(() => undefined);
  }
}

/** Who holds it, in a person's words. */
export function heldBy(what: string, { holder }: Pick<Lease, 'holder'>): string {
  return `${what} is held by ${holder}`;
}

function isStale(error: unknown): boolean {
  return error instanceof ConflictError || error instanceof AlreadyExistsError || error instanceof NotFoundError;
}
