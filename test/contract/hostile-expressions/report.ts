/** What came of one hostile expression, as the child process tells it. */
export interface HostileReport {
  readonly source: string;
  /** `value`, or the code of the error; the name of its class where it has none. */
  readonly outcome: string;
  readonly message: string;
  /** JSON of the value, when it is short. */
  readonly value?: string;
  /** The longest time for which the event loop did not turn, in milliseconds of the processor's time. */
  readonly stall: number;
  /** What the process has held at most until then, in MiB. */
  readonly memory: number;
}
