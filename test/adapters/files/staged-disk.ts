import { type FileSystem, nodeFileSystem, type OpenFile } from '../../../adapters/files/file-system.js';

/** One call to the disk. */
export interface Step {
  /** The method's name; those of an open file as `file.write`. */
  readonly call: string;
  /** Whether it changes something that others, or the next start, can see. */
  readonly changes: boolean;
  readonly paths: readonly string[];
}

const CHANGING: ReadonlySet<string> = new Set([
  'makeFolder',
  'openNew',
  'link',
  'rename',
  'removeFile',
  'removeFolder',
  'file.write',
  'file.setMode',
  'file.setOwner',
]);

/** What may happen before a call: it may throw the error that the call is to fail with. */
export type StepHook = (step: Step) => Promise<void> | void;

/** A disk whose every call is shown before it is made. Time and pauses are not calls. */
export function stagedDisk(hook: StepHook, inner: FileSystem = nodeFileSystem): FileSystem {
  const stage =
    <A extends readonly unknown[], R>(call: string, method: (...args: A) => Promise<R>, path?: string) =>
    async (...args: A): Promise<R> => {
      const paths = path === undefined ? args.filter((arg) => typeof arg === 'string') : [path];
      await hook({ call, changes: CHANGING.has(call), paths });
      return method(...args);
    };
  const stageFile = (file: OpenFile, path: string): OpenFile => ({
    stat: stage('file.stat', () => file.stat(), path),
    read: stage('file.read', (size: number) => file.read(size), path),
    write: stage('file.write', (content: Uint8Array) => file.write(content), path),
    setOwner: stage('file.setOwner', (uid: number, gid: number) => file.setOwner(uid, gid), path),
    setMode: stage('file.setMode', (mode: number) => file.setMode(mode), path),
    sync: stage('file.sync', () => file.sync(), path),
    // A process that dies closes its files.
    close: () => file.close(),
  });
  return {
    stat: stage('stat', (path: string) => inner.stat(path)),
    realPath: stage('realPath', (path: string) => inner.realPath(path)),
    list: stage('list', (path: string) => inner.list(path)),
    makeFolder: stage('makeFolder', (path: string) => inner.makeFolder(path)),
    openToRead: stage('openToRead', async (path: string) => stageFile(await inner.openToRead(path), path)),
    openNew: stage('openNew', async (path: string, mode: number) => stageFile(await inner.openNew(path, mode), path)),
    link: stage('link', (path: string, second: string) => inner.link(path, second)),
    rename: stage('rename', (path: string, to: string) => inner.rename(path, to)),
    removeFile: stage('removeFile', (path: string) => inner.removeFile(path)),
    removeFolder: stage('removeFolder', (path: string) => inner.removeFolder(path)),
    syncFolder: stage('syncFolder', (path: string) => inner.syncFolder(path)),
    now: () => inner.now(),
    pause: (ms) => inner.pause(ms),
  };
}

/** An error as Node makes it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made by a test`), { code, syscall: 'test' });
}

/** The end of a process: the step does not happen, and nothing after it does. */
export class Crash extends Error {}

/** A disk under a process that dies right before its n-th step, counted from 0; `steps` is how many there were. */
export function crashingDisk(crashAt: number): { readonly disk: FileSystem; readonly steps: () => readonly Step[] } {
  const steps: Step[] = [];
  const disk = stagedDisk((step) => {
    if (steps.length >= crashAt) throw new Crash(`before step ${crashAt}`);
    steps.push(step);
  });
  return { disk, steps: () => steps };
}
