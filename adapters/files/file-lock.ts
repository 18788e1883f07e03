import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { type Clock, getAt, type Json, UnavailableError } from '../../kernel/index.js';
import { contentRevision } from './content-revision.js';
import { FileChangedError, hasErrorCode } from './file-errors.js';
import type { FileStat } from './file-system.js';
import type { FileContent, Folder } from './folder.js';
import { KeyedMutex } from './keyed-mutex.js';

/** Work done under a lock asks, right before it takes effect, whether the lock is still its own. @throws FileChangedError */
export type StillHeld = () => Promise<void>;

/** Where and how {@link FileLocks} keep their files. */
export interface FileLockOptions {
  readonly folder: Folder;
  /** For chance alone: waiting for other processes takes real time. */
  readonly clock: Clock;
  /** The path of the locks' folder in the folder; `.koreo/locks` by default. */
  readonly path?: string;
  /** Milliseconds after which the lock of a holder that cannot be asked counts as left behind; 30,000 by default. */
  readonly staleMs?: number;
  /** Milliseconds to wait for a lock; 10,000 by default. */
  readonly waitMs?: number;
}

/** Milliseconds by which the begin of one process may seem to move, since the wall clock is put right now and then. */
const START_TOLERANCE_MS = 2000;

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in milliseconds since the epoch: in a container that is started anew, all else may be as before. */
  readonly startedAt: number;
  readonly token: string;
}

/**
 * Locks that programs of this kind respect, each a file: within the process they queue, between processes they wait. A
 * lock whose holder died is taken over; a holder that was only slow finds out by {@link StillHeld}.
 */
export class FileLocks {
  readonly #folder: Folder;
  readonly #clock: Clock;
  readonly #path: string;
  readonly #staleMs: number;
  readonly #waitMs: number;
  readonly #mutex = new KeyedMutex();

  constructor({ folder, clock, path, staleMs, waitMs }: FileLockOptions) {
    this.#folder = folder;
    this.#clock = clock;
    this.#path = path ?? '.koreo/locks';
    this.#staleMs = staleMs ?? 30_000;
    this.#waitMs = waitMs ?? 10_000;
  }

  /** Runs the work while nobody else runs work on the key. @throws UnavailableError when others hold it for too long */
  run<T>(key: string, work: (stillHeld: StillHeld) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#mutex.run(key, () => this.#locked(key, work, signal), signal);
  }

  /** Resolves when no work runs or waits. */
  idle(): Promise<void> {
    return this.#mutex.idle();
  }

  async #locked<T>(key: string, work: (stillHeld: StillHeld) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const path = `${this.#path}/${contentRevision(key)}.lock`;
    const token = randomBytes(9).toString('base64url');
    const { identity } = await this.#acquire(path, token, signal);
    try {
      return await work(() => this.#checkHeld(path, identity));
    } finally {
      // One that was taken over is another's now.
      if (await this.#isHeld(path, identity).catch(() => false)) await this.#folder.discard(path);
    }
  }

  async #acquire(path: string, token: string, signal?: AbortSignal): Promise<FileStat> {
    const { fileSystem } = this.#folder;
    const text = `${JSON.stringify({ ...thisProcess(), token } satisfies Holder)}\n`;
    const deadline = fileSystem.now() + this.#waitMs;
    for (let attempt = 0; ; attempt += 1) {
      signal?.throwIfAborted();
      const claimed = await this.#folder.claim(path, text);
      if (claimed !== undefined) return claimed.stat;
      if (await this.#takeOverWhenStale(path)) continue;
      if (fileSystem.now() >= deadline) {
        throw new UnavailableError(`another process holds the lock ${path}; remove that file if it is none of Koreo's`);
      }
      await fileSystem.pause(Math.min(2 ** attempt, 25) * (0.5 + this.#clock.random()));
    }
  }

  /**
   * Moves a dead holder's file away in one step, so that of several who try one succeeds. One that turns out to be
   * alive, because it claimed between the look and the move, gets its file back.
   */
  async #takeOverWhenStale(path: string): Promise<boolean> {
    const content = await this.#folder.read(path);
    if (content === undefined) return true;
    if (!this.#isStale(content)) return false;
    const aside = `${path}.${randomBytes(6).toString('hex')}`;
    if (!(await this.#folder.move(path, aside))) return true;
    const moved = await this.#folder.read(aside);
    if (moved !== undefined && moved.revision !== content.revision) await this.#folder.claim(path, moved.text);
    await this.#folder.discard(aside);
    return true;
  }

  #isStale({ text, stat }: FileContent): boolean {
    const holder = parseHolder(text);
    if (holder !== undefined && isDead(holder)) return true;
    return this.#folder.fileSystem.now() - stat.changedAt > this.#staleMs;
  }

  async #checkHeld(path: string, identity: string): Promise<void> {
    if (await this.#isHeld(path, identity)) return;
    throw new FileChangedError(`another process took over the lock ${path}`);
  }

  async #isHeld(path: string, identity: string): Promise<boolean> {
    return (await this.#folder.stat(path))?.identity === identity;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const json = JSON.parse(text) as Json;
    const [pid, startedAt] = [getAt(json, ['pid']), getAt(json, ['startedAt'])];
    const [host, token] = [getAt(json, ['host']), getAt(json, ['token'])];
    if (typeof pid !== 'number' || typeof startedAt !== 'number') return undefined;
    if (typeof host === 'string' && typeof token === 'string') return { pid, host, startedAt, token };
  } catch {
    // Not one of ours: it goes when it is old.
  }
  return undefined;
}

function thisProcess(): Omit<Holder, 'token'> {
  return { pid: process.pid, host: hostname(), startedAt: Math.round(Date.now() - process.uptime() * 1000) };
}

/** Whether the holder has surely ended; of processes elsewhere nothing is known. */
function isDead(holder: Holder): boolean {
  const { pid, host, startedAt } = thisProcess();
  if (holder.host !== host) return false;
  if (holder.pid !== pid) return !isAlive(holder.pid);
  return Math.abs(holder.startedAt - startedAt) > START_TOLERANCE_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process cannot be signalled, but it lives.
    return hasErrorCode(error, 'EPERM');
  }
}
