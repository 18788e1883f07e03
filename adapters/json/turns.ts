/**
 * Does what is asked for in turns, one after another: all that is asked for while a turn runs is done together in the
 * next. So work that costs the same for one request as for many is done once for many.
 */
export class Turns<Request> {
  readonly #take: (requests: readonly Request[]) => Promise<void>;
  #waiting: Request[] = [];
  #running: Promise<void> | undefined;

  /** @param take does one turn; it answers its requests, and never rejects */
  constructor(take: (requests: readonly Request[]) => Promise<void>) {
    this.#take = take;
  }

  ask(request: Request): void {
    this.#waiting.push(request);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing waits or runs. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // What is asked for in the same breath belongs into one turn.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const requests = this.#waiting;
      this.#waiting = [];
      await this.#take(requests);
    }
    this.#running = undefined;
  }
}
