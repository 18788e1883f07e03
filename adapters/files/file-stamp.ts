import type { FileStat } from './file-system.js';

/** What a file looked like from outside when it was read, to tell later whether it must be read again. */
export interface FileStamp {
  readonly identity: string;
  /** Whether the same identity later means the same content: the file was already old enough when it was read. */
  readonly settled: boolean;
}

/** Kernels keep file times in ticks of up to this many milliseconds: two writes in one tick leave one time. */
const TICK_MS = 50;
/** Some file systems keep whole seconds, or two. */
const COARSE_TICK_MS = 2100;

/** The stamp of a file whose stat was taken now, by the file system's clock, before it was read. */
export function stampOf(stat: FileStat, now: number): FileStamp {
  const tick = stat.changedAt % 1000 === 0 ? COARSE_TICK_MS : TICK_MS;
  return { identity: stat.identity, settled: now - stat.changedAt > tick };
}

/** Whether a file whose stat was taken now surely holds what it held when the stamp was made. */
export function isUnchanged(stamp: FileStamp | undefined, stat: FileStat): boolean {
  return stamp?.settled === true && stamp.identity === stat.identity;
}
