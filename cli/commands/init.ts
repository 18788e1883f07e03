import { Command, Option } from 'commander';
import { PLUGIN_KINDS, type PluginKind } from '../project/plugin-kind.js';
import type { Session } from '../session.js';
import { UsageError } from '../usage-error.js';

const HELP = `
Nothing that is there already is written over. What it makes:
  koreo.config.yaml    which stores there are, and what they hold
  definitions/         a Workflow, its functions, and their tests
  data/                the JSON that the Workflow works on
  README.md            what to try

With --plugin, a package of its own in TypeScript, which brings a language for expressions (engine), a function for them
(function), resources of a kind (handler) or a type of store (store); with its tests, and an example that uses it.

Examples:
  koreo init demo
  koreo init            in the current folder
  koreo init --plugin function acme-names

Exit codes: 0 made; 1 the folder cannot be written; 2 files are in the way, or the name is none.`;

interface InitOptions {
  readonly plugin?: PluginKind;
  readonly name?: string;
}

/** `koreo init`: a small project to start from, or the project of a plug-in. */
export function initCommand(session: Session): Command {
  return new Command('init')
    .summary('make a small project to start from, or a plug-in')
    .description(
      'Makes a small project to start from: definitions with tests, data, and a configuration; or a plug-in.',
    )
    .argument('[dir]', 'the folder; made when it is not there', '.')
    .addOption(new Option('--plugin <what>', 'make a plug-in, which brings this').choices(PLUGIN_KINDS))
    .option('--name <name>', 'the name of the plug-in and its package; that of the folder by default')
    .addHelpText('after', HELP)
    .action(async (directory: string, { plugin, name }: InitOptions) => {
      if (plugin !== undefined) {
        const { makePlugin } = await import('../project/make-plugin.js');
        const request = { kind: plugin, directory, ...(name === undefined ? {} : { name }) };
        session.exitCode = await makePlugin(session, request);
        return;
      }
      if (name !== undefined) throw new UsageError('--name is the name of a plug-in: say --plugin, too');
      const { makeProject } = await import('../project/make-project.js');
      session.exitCode = await makeProject(session, directory);
    });
}
