import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtInPlugins } from '../built-in-plugins.js';
import { ExitCode } from '../exit-code.js';
import type { Session } from '../session.js';
import type { PluginKind } from './plugin-kind.js';
import { pluginName } from './plugin-name.js';
import { printNext, writeProject } from './project-template.js';

/** What is asked for. */
export interface PluginRequest {
  readonly kind: PluginKind;
  readonly directory: string;
  /** The folder's when absent. */
  readonly name?: string;
}

/** What there is to see when the example of each is run. */
const RUNNING: Readonly<Record<PluginKind, string>> = {
  engine: 'services become letters, by templates in the new language',
  function: 'teams become spaces with names that the function makes',
  handler: 'services become files of environment variables',
  store: 'teams become spaces in a journal',
};

/** Makes the project of a plug-in in a folder and says how to go on. @throws UsageError for a bad name, or when a file is in the way */
export async function makePlugin(session: Session, request: PluginRequest): Promise<ExitCode> {
  const { kind, directory } = request;
  const target = resolve(session.cwd, directory);
  const to = pluginName(request.name, target, takenNames());
  await writeProject(session, { example: `plugin-starters/${kind}`, rename: { from: `starter-${kind}`, to } }, target);
  printNext(session, target, [
    isInstalled()
      ? 'npm install'
      : 'npm link koreo-kernel    this koreo, as it is in no registry, and all else that is needed',
    'npm test                 builds it, and runs its tests and those of its definitions',
    `npx koreo run            ${RUNNING[kind]}`,
  ]);
  return ExitCode.ok;
}

/** Whether this program came from a registry or a package, and not from its repository. */
function isInstalled(): boolean {
  return fileURLToPath(import.meta.url)
    .split(sep)
    .includes('node_modules');
}

function takenNames(): readonly string[] {
  const { builtIn, onDemand = {} } = builtInPlugins;
  return ['koreo-kernel', 'koreo', ...builtIn.map(({ name }) => name), ...Object.keys(onDemand)];
}
