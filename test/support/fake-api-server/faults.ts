import { matchesRequest, type RecordedRequest, type RequestPattern } from './request-log.js';

/** What goes wrong with a request. `when`: before the server has done what it asks for (the default), or after. */
export type Fault = { readonly when?: 'before' | 'after' } & (
  | {
      readonly type: 'status';
      readonly code: number;
      readonly message?: string;
      readonly reason?: string;
      /** Seconds, as the header `Retry-After` has them. */
      readonly retryAfter?: number;
    }
  /** The connection is broken off without an answer. */
  | { readonly type: 'cut' }
  /** The connection is broken off in the middle of the answer. */
  | { readonly type: 'cut-body' }
  /** There is never an answer; the connection stays. */
  | { readonly type: 'hang' }
  /** The answer waits. */
  | { readonly type: 'gate'; readonly opened: Promise<unknown> }
  /** Something that is not what was asked for, as a proxy on the way answers. */
  | { readonly type: 'answer'; readonly code: number; readonly contentType: string; readonly text: string }
);

/** How often a fault strikes. */
export interface FaultTimes {
  /** How many requests that are meant pass unharmed first; none by default. */
  readonly skip?: number;
  /** How many are struck then; 1 by default, `Infinity` for all. */
  readonly times?: number;
}

/** A fault that waits for its requests. */
export interface PlannedFault {
  /** How many requests it has struck. */
  readonly hits: number;
  /** Takes it back. */
  remove(): void;
}

interface Plan {
  readonly pattern: RequestPattern;
  readonly fault: Fault;
  skip: number;
  left: number;
  hits: number;
}

/** The faults that a test has planned. The first that means a request strikes it. */
export class Faults {
  readonly #plans = new Set<Plan>();

  /** Plans a fault for the requests that the pattern means. */
  plan(pattern: RequestPattern, fault: Fault, { skip = 0, times = 1 }: FaultTimes = {}): PlannedFault {
    const plan: Plan = { pattern, fault, skip, left: times, hits: 0 };
    this.#plans.add(plan);
    return {
      get hits() {
        return plan.hits;
      },
      remove: () => this.#plans.delete(plan),
    };
  }

  /** Takes all faults back. */
  clear(): void {
    this.#plans.clear();
  }

  /** The fault that strikes the request, if one does. */
  take(request: RecordedRequest): Fault | undefined {
    for (const plan of this.#plans) {
      if (plan.left <= 0 || !matchesRequest(plan.pattern, request)) continue;
      if (plan.skip > 0) {
        plan.skip -= 1;
        continue;
      }
      plan.left -= 1;
      plan.hits += 1;
      return plan.fault;
    }
    return undefined;
  }
}
