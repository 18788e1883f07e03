import type { Json, Path, Position, Problem } from '../../kernel/index.js';
import { membersOf } from '../files/json-text.js';
import type { DocumentContent, DocumentFault, SideRecords } from './document-content.js';
import type { JsonFileState } from './json-file.js';

/** The content of a document in a file, and of its side file where it has one. */
export class FileContent implements DocumentContent {
  readonly value: Json | undefined;
  readonly problems: readonly Problem[];
  readonly fault?: DocumentFault;

  constructor(
    readonly file: string,
    readonly state: JsonFileState,
    readonly side: JsonFileState | undefined,
    readonly records: SideRecords,
  ) {
    this.value = state.document?.value;
    this.problems = [state.problem, side?.problem].filter((problem) => problem !== undefined);
    const fault = state.fault ?? side?.fault;
    if (fault !== undefined) this.fault = fault;
  }

  locate(path: Path): Position | undefined {
    return this.state.document?.locate(path);
  }

  doubledKeys(path: Path): readonly string[] {
    const node = this.state.document?.nodeAt(path);
    if (node?.type !== 'object') return [];
    const seen = new Set<string>();
    return membersOf(node).flatMap(({ key }) => {
      const doubled = seen.has(key);
      seen.add(key);
      return doubled ? [key] : [];
    });
  }
}
