import { setImmediate } from 'node:timers/promises';
import { Observable, type Subscription, share } from 'rxjs';
import type { CancelTimer, Clock } from '../../kernel/index.js';
import { isTemporaryName } from '../files/atomic-write.js';
import { watchFolder } from '../files/folder-watch.js';
import type { ManifestKeeper } from './manifest-keeper.js';
import type { ManifestWalk } from './manifest-walk.js';

/** What {@link FolderNudges} work with. */
export interface NudgeParts {
  /** Absolute. */
  readonly root: string;
  readonly walk: ManifestWalk;
  readonly keeper: ManifestKeeper;
  readonly clock: Clock;
  /** The path of the records below the root, when there are such. */
  readonly records?: string;
  /** Milliseconds without a further notice after which a look is taken. */
  readonly quietMs: number;
  /** 0 for never. */
  readonly rescanSeconds: number;
}

/** Notices longer than this after the first are not waited for. */
const LONGEST_WAIT = 10;

/** Makes the keeper look where the operating system says that something happened. */
export class FolderNudges {
  /** Looks as long as anybody is subscribed; tells nothing itself. */
  readonly looking: Observable<never>;

  readonly #parts: NudgeParts;
  readonly #paths = new Set<string>();
  readonly #records = new Set<string>();
  #allRecords = false;
  #everything = false;
  #isLive = false;
  #waits = 0;
  #cancelTimer: CancelTimer | undefined;
  #cancelRescan: CancelTimer | undefined;

  constructor(parts: NudgeParts) {
    this.#parts = parts;
    this.looking = new Observable<never>(() => {
      const { root, walk, records } = parts;
      const ignores = (folder: string): boolean =>
        folder !== '' && !leadsToRecords(folder, records) && walk.isHidden(folder);
      const subscription: Subscription = watchFolder({ path: root, ignores }).subscribe((path) => this.#notice(path));
      this.#rescanLater();
      return () => {
        subscription.unsubscribe();
        this.#stop();
      };
    }).pipe(share());
  }

  /** Whether every change is noticed, once {@link flush} has been waited for. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Looks at once at all that was noticed up to now. */
  async flush(): Promise<void> {
    // What the operating system has told is read before the next turn of the event loop.
    await setImmediate();
    this.#cancelTimer?.();
    await this.#look();
  }

  #notice(path: string): void {
    const { walk, records } = this.#parts;
    if (path === '') {
      this.#isLive = true;
      this.#everything = true;
    } else if (records !== undefined && path.startsWith(`${records}/`)) {
      // A folder of records that came or went may have brought or taken some unnoticed.
      if (path.endsWith('.json')) this.#records.add(path);
      else if (!isTemporaryName(path)) this.#allRecords = true;
    } else if (/(^|\/)\.\.[^/]/.test(path)) {
      // How volumes of Kubernetes switch from one state to the next: a link of such a name is turned.
      this.#everything = true;
    } else if (!walk.isHidden(path)) {
      this.#paths.add(path);
    } else {
      return;
    }
    this.#lookLater();
  }

  #lookLater(): void {
    const { clock, quietMs } = this.#parts;
    if (this.#waits >= LONGEST_WAIT) return;
    this.#waits += 1;
    this.#cancelTimer?.();
    this.#cancelTimer = clock.schedule(quietMs, () => void this.#look());
  }

  /** A look that fails is in the store's health, and taken again with the next notice or rescan. */
  async #look(): Promise<void> {
    const { keeper } = this.#parts;
    const [paths, records] = [[...this.#paths], [...this.#records]];
    const [everything, allRecords] = [this.#everything, this.#allRecords];
    this.#paths.clear();
    this.#records.clear();
    this.#everything = false;
    this.#allRecords = false;
    this.#waits = 0;
    this.#cancelTimer = undefined;
    try {
      if (everything) await keeper.refreshAll();
      else if (allRecords) await keeper.refreshRecords();
      else if (records.length > 0) await keeper.refreshRecords(records);
      if (paths.length > 0) await keeper.refresh(paths);
    } catch {
      this.#everything = true;
    }
  }

  #rescanLater(): void {
    const { clock, rescanSeconds } = this.#parts;
    if (rescanSeconds === 0) return;
    this.#cancelRescan = clock.schedule(rescanSeconds * 1000, () => {
      this.#everything = true;
      void this.#look();
      this.#rescanLater();
    });
  }

  #stop(): void {
    this.#isLive = false;
    this.#waits = 0;
    this.#cancelTimer?.();
    this.#cancelRescan?.();
    this.#paths.clear();
    this.#records.clear();
  }
}

function leadsToRecords(folder: string, records: string | undefined): boolean {
  if (records === undefined) return false;
  return folder === records || folder.startsWith(`${records}/`) || records.startsWith(`${folder}/`);
}
