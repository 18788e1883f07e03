import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, formatRef, type ResourceRef, UnavailableError } from 'koreo-kernel/plugin';

/** A file with a line for every write that was asked for: when, what, and of which resource; never what it says. */
export class AuditLog {
  constructor(
    private readonly path: string,
    private readonly clock: Clock,
  ) {}

  /** @throws UnavailableError when it cannot be noted, so that it is not done either */
  async note(what: string, ref: ResourceRef): Promise<void> {
    const line = `${new Date(this.clock.now()).toISOString()} ${what} ${formatRef(ref)}\n`;
    try {
      await mkdir(dirname(this.path), { recursive: true });
      await appendFile(this.path, line);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new UnavailableError(`nothing is written, as the audit log cannot be: ${code}`, undefined, {
        cause: error,
      });
    }
  }
}
