#!/usr/bin/env node
import { CommanderError } from 'commander';
import { ExitCode } from './exit-code.js';
import { koreoProgram } from './program.js';
import { Session } from './session.js';
import { Terminal } from './terminal.js';

const session = new Session(new Terminal(process), process.cwd(), process.env);
const program = koreoProgram(session);
// What is thrown outside of any command's reach, say by a store's own timer: told like everything else.
process.on('uncaughtException', (error) => {
  void exitCodeOf(error).then((code) => process.exit(code));
});
try {
  await program.parseAsync();
  process.exitCode = session.exitCode;
} catch (error) {
  process.exitCode = await exitCodeOf(error);
}

/** Tells what went wrong, unless the command line's parser has done so, and gives what to end with. */
async function exitCodeOf(error: unknown): Promise<ExitCode> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  const { tellError } = await import('./tell-error.js');
  return tellError(session.terminal, error, { debug: program.opts<{ debug?: true }>().debug === true });
}
