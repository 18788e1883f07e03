import { Command } from 'commander';
import type { Session } from '../session.js';

const HELP = `
Nothing that is there already is written over. What it makes:
  koreo.config.yaml    which stores there are, and what they hold
  definitions/         a Workflow, its functions, and their tests
  data/                the JSON that the Workflow works on
  README.md            what to try

Examples:
  koreo init demo
  koreo init            in the current folder

Exit codes: 0 made; 1 the folder cannot be written; 2 files are in the way.`;

/** `koreo init`: a small project to start from. */
export function initCommand(session: Session): Command {
  return new Command('init')
    .summary('make a small project to start from')
    .description('Makes a small project to start from: definitions with tests, data, and a configuration.')
    .argument('[dir]', 'the folder; made when it is not there', '.')
    .addHelpText('after', HELP)
    .action(async (directory: string) => {
      const { makeProject } = await import('../project/make-project.js');
      session.exitCode = await makeProject(session, directory);
    });
}
