import { Command } from 'commander';
import { applyCommand } from './commands/apply.js';
import { crdForCommand } from './commands/crd-for.js';
import { crdsCommand } from './commands/crds.js';
import { evalCommand } from './commands/eval.js';
import { getCommand } from './commands/get.js';
import { initCommand } from './commands/init.js';
import { inspectCommand } from './commands/inspect.js';
import { pruneCommand } from './commands/prune.js';
import { reconcileCommand } from './commands/reconcile.js';
import { runCommand } from './commands/run.js';
import { testCommand } from './commands/test.js';
import { validateCommand } from './commands/validate.js';
import type { Session } from './session.js';
import { version } from './version.js';

const DESCRIPTION = `Control loops over structured data: Workflows that pull files, JSON documents and APIs to where they should be.`;

const AFTER_HELP = `
Start here:
  koreo init demo            a small project to look at and change
  cd demo && koreo test      its tests
  koreo run                  watch it work; edit its files meanwhile

Exit codes:
  0  done, and the answer is yes      2   wrong usage, configuration or definition
  1  done, and the answer is no       70  an error of koreo itself

Colours are shown on a terminal; NO_COLOR=1 turns them off, FORCE_COLOR=1 on.`;

/** The command line, as a tree of commands. Nothing but the parser is loaded before a command runs. */
export function koreoProgram(session: Session): Command {
  const program = new Command('koreo')
    .description(DESCRIPTION)
    .version(version(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .option('--debug', 'show the stack of errors')
    .configureOutput({
      writeOut: (text) => void session.terminal.write(text),
      writeErr: (text) => session.terminal.complain(text),
    })
    .addHelpText('after', AFTER_HELP);
  withManners(program);
  for (const command of [
    runCommand(session),
    applyCommand(session),
    getCommand(session),
    inspectCommand(session),
    reconcileCommand(session),
    testCommand(session),
    validateCommand(session),
    evalCommand(session),
    crdsCommand(session),
    crdForCommand(session),
    pruneCommand(session),
    initCommand(session),
  ]) {
    program.addCommand(withManners(command.copyInheritedSettings(program)));
  }
  return program;
}

/** The same manners everywhere: errors are thrown and not exits, headings stand out, an error shows the way to help. */
function withManners(command: Command): Command {
  const way = command.name() === 'koreo' ? 'koreo --help' : `koreo ${command.name()} --help`;
  return command
    .exitOverride()
    .configureHelp({ styleTitle: bold, styleCommandText: bold, showGlobalOptions: true })
    .showHelpAfterError(`(${way} shows how it is used)`);
}

/** Commander takes the colours out again where they are not wanted. */
function bold(text: string): string {
  return `\u001B[1m${text}\u001B[22m`;
}
