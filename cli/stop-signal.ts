const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Aborted by the first SIGINT or SIGTERM, or when one of the other signals aborts. A second SIGINT or SIGTERM ends the
 * process at once, with the exit code that a shell expects: 128 and the signal's number.
 */
export function stopSignal(...others: readonly AbortSignal[]): AbortSignal {
  const stop = new AbortController();
  for (const [name, number] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(128 + number);
      stop.abort();
    });
  }
  return AbortSignal.any([stop.signal, ...others]);
}
