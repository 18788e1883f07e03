/** One thing that has to be so; with what is wrong, in a person's words, when it is not. */
export interface Check {
  /** In lower case, with dashes. */
  readonly name: string;
  readonly failure?: string;
}

/** A check, from what is wrong; undefined: nothing is. */
export function check(name: string, failure: string | undefined): Check {
  return failure === undefined ? { name } : { name, failure };
}

/** A time as people say it: `45 s`, `12 min`, `3 h`. */
export function duration(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
