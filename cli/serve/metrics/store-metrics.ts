import { Counter, Histogram, type Registry } from 'prom-client';
import { groupOf, type NamedActivity } from '../../../kernel/index.js';

const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts what stores do on the wire. */
export class StoreMetrics {
  readonly #requests: Counter<'store' | 'verb' | 'code'>;
  readonly #durations: Histogram<'store' | 'verb'>;
  readonly #restarts: Counter<'store' | 'group' | 'kind' | 'reason'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#requests = new Counter({
      name: 'koreo_store_requests_total',
      help: "Requests to a store's server, by the status code of the answer, or why there was none.",
      labelNames: ['store', 'verb', 'code'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'koreo_store_request_duration_seconds',
      help: "How long a store's server took to answer; watches, which go on, are not among them.",
      labelNames: ['store', 'verb'],
      buckets: DURATIONS,
      registers,
    });
    this.#restarts = new Counter({
      name: 'koreo_watch_restarts_total',
      help: 'Watches that were begun anew, by why.',
      labelNames: ['store', 'group', 'kind', 'reason'],
      registers,
    });
  }

  activity({ store, activity }: NamedActivity): void {
    switch (activity.type) {
      case 'call': {
        const { verb, code, durationMs } = activity;
        this.#requests.inc({ store, verb, code });
        if (verb !== 'watch') this.#durations.observe({ store, verb }, durationMs / 1000);
        return;
      }
      case 'watch-restart': {
        const { apiVersion, kind } = activity.kind;
        this.#restarts.inc({ store, group: groupOf(apiVersion), kind, reason: activity.why });
        return;
      }
    }
  }
}
