import { manifestText } from '../../config/index.js';
import { type DefinitionEntry, type DefinitionLookup, didYouMean } from '../../kernel/index.js';
import type { CrdForOptions } from '../commands/crd-for.js';
import { definitionFinder } from '../definitions/find-definitions.js';
import { loadDeployment } from '../deployment.js';
import { ExitCode } from '../exit-code.js';
import { problemLine } from '../problems.js';
import { withProgress } from '../progress.js';
import type { Session } from '../session.js';
import type { Terminal } from '../terminal.js';
import { triggerCrd } from './trigger-crd.js';

/** Which Workflow, and where its definitions are: as for `koreo validate`. */
export interface CrdRequest {
  readonly workflow: string;
  readonly paths: readonly string[];
}

/** Prints a CRD of the kind that starts a Workflow. @throws UsageError, ConfigError */
export async function printTriggerCrd(
  { cwd, terminal }: Session,
  { paths, workflow }: CrdRequest,
  options: CrdForOptions,
): Promise<ExitCode> {
  const loaded = await loadDeployment(cwd, options);
  const finder = definitionFinder({ paths, loaded, cwd });
  try {
    const { definitions } = await withProgress(terminal, 'reading definitions', finder.find());
    const entry = definitions.find('Workflow', workflow);
    if (entry?.status !== 'ready') return tell(terminal, workflow, entry, definitions);
    if (entry.definition.kind !== 'Workflow') throw new Error(`${workflow} is a ${entry.definition.kind}`);
    const crd = triggerCrd(entry.definition, definitions, options);
    terminal.print(options.output === 'json' ? JSON.stringify(crd, null, 2) : manifestText([crd]).trimEnd());
    return ExitCode.ok;
  } finally {
    await finder.close();
  }
}

/** Says why there is nothing to print. */
function tell(
  terminal: Terminal,
  workflow: string,
  entry: Exclude<DefinitionEntry, { status: 'ready' }> | undefined,
  definitions: DefinitionLookup,
): ExitCode {
  if (entry !== undefined) {
    for (const problem of entry.problems) terminal.note(problemLine(problem, terminal.noteStyle));
    return ExitCode.usage;
  }
  const names = [...definitions.entries()].flatMap(({ kind, name }) => (kind === 'Workflow' ? [name] : []));
  const message = `Workflow '${workflow}' was not found${didYouMean(workflow, names)}`;
  terminal.note(`${terminal.noteStyle('red', 'error:')} ${message}`);
  return ExitCode.failed;
}
