import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AlreadyExistsError, ForbiddenError, InvalidResourceError, UnavailableError } from 'koreo-kernel/plugin';

const EXTENSION = '.env';

/** The files `NAME.env` of one folder. Every error is one of the kernel's, so that the runtime knows what to do about it. */
export class EnvFolder {
  constructor(readonly root: string) {}

  /** The names of the files that are there. */
  async names(): Promise<readonly string[]> {
    const entries = (await reading(readdir(this.root))) ?? [];
    return entries
      .filter((entry) => entry.endsWith(EXTENSION))
      .map((entry) => entry.slice(0, -EXTENSION.length))
      .filter((name) => isFileName(name))
      .sort();
  }

  /** The text of a file; undefined when there is none. */
  async read(name: string): Promise<string | undefined> {
    return reading(readFile(this.#path(name), 'utf8'));
  }

  /** @throws AlreadyExistsError, also when somebody else makes the file at the same time */
  async create(name: string, text: string): Promise<void> {
    await writing(mkdir(this.root, { recursive: true }));
    await writing(writeFile(this.#path(name), text, { flag: 'wx' }));
  }

  /** The file is always whole: it is replaced, and not written into. */
  async replace(name: string, text: string): Promise<void> {
    const path = this.#path(name);
    const draft = `${path}.${process.pid}.draft`;
    await writing(writeFile(draft, text));
    await writing(rename(draft, path));
  }

  async remove(name: string): Promise<void> {
    await writing(rm(this.#path(name), { force: true }));
  }

  /** A name must not lead out of the folder. */
  #path(name: string): string {
    if (isFileName(name)) return join(this.root, name + EXTENSION);
    throw new InvalidResourceError('the name of an EnvFile is to be letters, digits, dots, dashes and underscores');
  }
}

function isFileName(name: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,199}$/.test(name);
}

async function reading<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw asStoreError(error);
  });
}

async function writing<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: NodeJS.ErrnoException) => {
    throw asStoreError(error);
  });
}

function asStoreError(error: NodeJS.ErrnoException): Error {
  const cause = { cause: error };
  switch (error.code) {
    case 'EEXIST':
      return new AlreadyExistsError('a file of that name is there already', cause);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new ForbiddenError(
        'the folder of the files cannot be read or written; who runs koreo needs the right to',
        cause,
      );
    default:
      return new UnavailableError(
        `the folder of the files cannot be used now: ${error.code ?? error.message}`,
        undefined,
        cause,
      );
  }
}
