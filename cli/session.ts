import type { Environment } from '../config/index.js';
import { ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** One call of the program: where it reads and writes, where it stands, and what it will end with. */
export class Session {
  exitCode: ExitCode = ExitCode.ok;

  constructor(
    readonly terminal: Terminal,
    /** The folder that paths on the command line are relative to. */
    readonly cwd: string,
    /** The variables of the process. */
    readonly environment: Environment,
  ) {}
}
