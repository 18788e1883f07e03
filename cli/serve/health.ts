import { Subscription } from 'rxjs';
import type { Clock, DefinitionLookup } from '../../kernel/index.js';
import type { Check } from './check.js';
import type { DutyBoard } from './duty.js';
import { liveness, longestRunMs } from './liveness.js';
import { readiness } from './readiness.js';
import { StoreOutages } from './store-outages.js';

/** How much is forgiven before a probe fails. */
export interface HealthOptions {
  /** How long no run may begin or end while triggers are in line. */
  readonly stalledAfterSeconds: number;
  /** How long a store may be without what it waits for. */
  readonly degradedAfterSeconds: number;
  /** The time limit of steps that do not say one. */
  readonly stepTimeoutSeconds: number;
  readonly clock: Clock;
}

/** Answers, about the process as it is at that moment, whether it lives and whether it is ready. */
export class Health {
  readonly #board: DutyBoard;
  readonly #options: HealthOptions;
  readonly #outages: StoreOutages;
  readonly #listening = new Subscription();
  #definitions: DefinitionLookup | undefined;

  constructor(board: DutyBoard, options: HealthOptions) {
    this.#board = board;
    this.#options = options;
    this.#outages = new StoreOutages(options.clock);
    this.#listening.add(board.follow(({ storeHealth }) => storeHealth).subscribe((all) => this.#outages.see(all)));
    this.#listening.add(
      board
        .follow(({ definitions }) => definitions)
        .subscribe((now) => {
          this.#definitions = now;
        }),
    );
  }

  live(): readonly Check[] {
    const { stalledAfterSeconds, stepTimeoutSeconds } = this.#options;
    const queue = this.#board.kernel?.queue();
    return liveness({
      ...(queue === undefined ? {} : { queue }),
      stalledAfterMs: stalledAfterSeconds * 1000,
      longestRunMs: this.#definitions === undefined ? 0 : longestRunMs(this.#definitions, stepTimeoutSeconds),
    });
  }

  ready(): readonly Check[] {
    return readiness({
      duty: this.#board.now.type,
      unsynced: this.#board.kernel?.unsynced() ?? [],
      plugins: this.#board.kernel?.plugins() ?? [],
      stores: this.#outages.longerThan(this.#options.degradedAfterSeconds * 1000),
    });
  }

  close(): void {
    this.#listening.unsubscribe();
  }
}
