import { definitionCrds, manifestText } from '../../config/index.js';
import type { CrdsOptions } from '../commands/crds.js';
import { ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

/** Prints the CRDs of definitions: as YAML a document each, as JSON the items of a List. */
export function printCrds(terminal: Terminal, output: CrdsOptions['output']): ExitCode {
  const items = definitionCrds();
  if (output === 'json') terminal.print(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2));
  else terminal.print(manifestText(items).trimEnd());
  return ExitCode.ok;
}
