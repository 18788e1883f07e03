import { type Command, CommanderError } from 'commander';
import type { Environment } from '../config/index.js';
import { ExitCode } from './exit-code.js';
import { koreoProgram } from './program.js';
import { Session } from './session.js';
import { type Host, Terminal } from './terminal.js';

/** The process in which the program is called: streams and signals, and what it was started with. */
export interface CallingProcess extends Host {
  readonly env: Environment;
  cwd(): string;
}

/** One call of the program, which touches nothing of the process but what it is given. */
export class ProgramCall {
  readonly #session: Session;
  readonly #program: Command;

  constructor(caller: CallingProcess) {
    this.#session = new Session(new Terminal(caller), caller.cwd(), caller.env);
    this.#program = koreoProgram(this.#session);
  }

  /** Does what the arguments say, and gives what to end with. Never rejects: what goes wrong is told. */
  async run(args: readonly string[]): Promise<ExitCode> {
    try {
      await this.#program.parseAsync(args, { from: 'user' });
      return this.#session.exitCode;
    } catch (error) {
      return this.tell(error);
    }
  }

  /** Tells what went wrong, unless the command line's parser has done so, and gives what to end with. */
  async tell(error: unknown): Promise<ExitCode> {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    const { tellError } = await import('./tell-error.js');
    return tellError(this.#session.terminal, error, { debug: this.#program.opts<{ debug?: true }>().debug === true });
  }
}
