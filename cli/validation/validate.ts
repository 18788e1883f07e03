import { byPlace } from '../../kernel/index.js';
import type { ValidateOptions } from '../commands/validate.js';
import { definitionFinder } from '../definitions/find-definitions.js';
import { loadNarrowed } from '../deployment.js';
import { ExitCode } from '../exit-code.js';
import { problemLine, problemRecord } from '../problems.js';
import { withProgress } from '../progress.js';
import type { Session } from '../session.js';
import { tellIncidents } from '../tell-incidents.js';

/** Prepares definitions and prints every problem. @throws UsageError, ConfigError */
export async function validate(
  { terminal, cwd }: Session,
  paths: readonly string[],
  options: ValidateOptions,
): Promise<ExitCode> {
  const loaded = await loadNarrowed(cwd, options);
  const finder = definitionFinder({ paths, loaded, cwd });
  const told = tellIncidents(terminal, loaded);
  try {
    const found = await withProgress(terminal, 'reading definitions', finder.find());
    const problems = [...found.problems, ...found.warnings].sort(byPlace);
    if (options.output === 'json') {
      terminal.print(JSON.stringify({ problems: problems.map(problemRecord) }, null, 2));
    } else {
      for (const problem of problems) terminal.print(problemLine(problem, terminal.style));
      terminal.print(summary(found.count, problems.length));
    }
    return problems.length === 0 ? ExitCode.ok : ExitCode.failed;
  } finally {
    told.unsubscribe();
    await finder.close();
  }
}

function summary(definitions: number, problems: number): string {
  const about = definitions === 1 ? '1 definition' : `${definitions} definitions`;
  if (problems === 0) return `${about}, nothing is wrong`;
  return `${about}, ${problems === 1 ? '1 problem' : `${problems} problems`}`;
}
