/** A signal that is aborted after a time, unless that is ended before. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** What was limited is over: leaves no timer behind. */
  end(): void;
}

/**
 * Begins a time limit. Unlike `AbortSignal.timeout`, it holds good also when only a signal of several waits for it: Node 20
 * collects that one with the garbage, and nothing ever ends.
 */
export function timeLimit(seconds: number): TimeLimit {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), seconds * 1000);
  return { signal: over.signal, end: () => clearTimeout(timer) };
}
