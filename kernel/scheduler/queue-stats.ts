/** How the queue of triggers that are to run stands at one moment. */
export interface QueueStats {
  /** In line: due now, and no worker has come to it yet. */
  readonly waiting: number;
  /** Due later: at the end of a Retry's delay, of a back-off, or of the period. */
  readonly delayed: number;
  readonly running: number;
  /** How long that has been in line which has been so longest; absent when nothing is. */
  readonly oldestWaitingMs?: number;
  /** How long the run has been going on that began first of those that go on; absent when none does. */
  readonly longestRunningMs?: number;
  /** Since a run last began or ended; absent before the first. */
  readonly sinceProgressMs?: number;
}
