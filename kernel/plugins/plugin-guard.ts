import { ReplaySubject } from 'rxjs';
import { KoreoError } from '../model/errors.js';
import type { MaybePromise } from '../model/json.js';
import { PluginError } from './plugin-errors.js';

/** Takes note of what went wrong in a plug-in, with what it was about: for the log. */
export type PluginIncident = (source: string, error: unknown) => void;

/**
 * Stands between the kernel and what one plug-in brings: what it throws becomes an error that names it and holds no data, and the
 * error itself goes to the log. When the plug-in is out, nothing of it is called any longer.
 */
export class PluginGuard {
  readonly #subject: string;
  readonly #incident: PluginIncident;
  /** What was told last of each part, so that a part that fails in the same way at every call fills no log. */
  readonly #told = new Map<string, string>();
  /** Tells why nothing of the plug-in can be used, from when that is so. */
  readonly out = new ReplaySubject<string>(1);
  #outage: string | undefined;

  /** @param subject the plug-in as messages speak of it */
  constructor(subject: string, incident: PluginIncident) {
    this.#subject = subject;
    this.#incident = incident;
  }

  /** Why nothing of the plug-in can be used; undefined when all can. */
  get outage(): string | undefined {
    return this.#outage;
  }

  /** From now on nothing of the plug-in is called. @param reason as in `it could not start` */
  takeOut(reason: string): void {
    this.#outage = `${this.#subject} is out: ${reason}`;
    this.out.next(this.#outage);
  }

  /** What to say of an error that the part threw, which is no error of a kind that it may throw. The log is told of it. */
  complaint(part: string, error: unknown): string {
    this.incident(part, error);
    return `${this.#subject} failed in ${part}: ${whatWasThrown(error)}`;
  }

  /** Tells the log of an error in a part, unless it is just what was told of it last. */
  incident(part: string, error: unknown): void {
    const text = String(error);
    if (this.#told.get(part) === text) return;
    this.#told.set(part, text);
    this.#incident(`${this.#subject}, ${part}`, error);
  }

  /**
   * Calls what may throw errors of ours, or the reason of the signal. Rejects with a PluginError for everything else, and when the
   * plug-in is out. Throws nothing at once: whoever begins two calls has to wait for both, whatever comes of either.
   */
  call<T>(part: string, work: () => MaybePromise<T>, signal?: AbortSignal): MaybePromise<T> {
    if (this.#outage !== undefined) return Promise.reject(new PluginError(this.#outage));
    try {
      const result = work();
      return isThenable(result) ? Promise.resolve(result).catch((error) => this.#fail(part, error, signal)) : result;
    } catch (error) {
      return this.#fail(part, error, signal);
    }
  }

  async #fail(part: string, error: unknown, signal: AbortSignal | undefined): Promise<never> {
    if (error instanceof KoreoError || signal?.aborted === true) throw error;
    throw new PluginError(this.complaint(part, error), { cause: error });
  }
}

/** Whether it is a promise of any make. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** What the operating system says holds names and numbers; what else is in a message nobody knows. */
function whatWasThrown(error: unknown): string {
  if (!(error instanceof Error)) return `it threw a ${typeof error}, which the log has`;
  if ('syscall' in error && 'code' in error) return error.message;
  return `it threw ${/^[AEIOU]/.test(error.name) ? 'an' : 'a'} ${error.name}, which the log has`;
}
