import { stringify } from 'yaml';
import { type ContestedField, formatRef, type Resource, refOf } from '../../kernel/index.js';
import type { ApplyOptions } from '../commands/apply.js';
import { nameOf } from '../get/print-resources.js';
import type { Terminal } from '../terminal.js';
import type { Applied } from './apply-one.js';
import { changeLine } from './changed-paths.js';

/** What of a resource a report names. */
interface Subject {
  readonly resource: Resource;
}

/** Tells what becomes of each resource: to a person as it happens, to a program all at the end. */
export class ApplyReport {
  readonly #terminal: Terminal;
  readonly #options: Pick<ApplyOptions, 'output' | 'dryRun' | 'yes'>;
  readonly #resources: Resource[] = [];
  #failures = 0;

  constructor(terminal: Terminal, options: Pick<ApplyOptions, 'output' | 'dryRun' | 'yes'>) {
    this.#terminal = terminal;
    this.#options = options;
  }

  /** How often {@link failed} was told. */
  get failures(): number {
    return this.#failures;
  }

  applied({ resource, result, differences, taken, unchecked }: Applied): void {
    this.#resources.push(resource);
    this.#line({ resource }, result, unchecked);
    this.#taken(taken);
    if (this.#options.output !== 'text' || this.#options.dryRun !== true) return;
    for (const difference of differences) this.#terminal.print(`    ${changeLine(difference, resource.kind)}`);
  }

  pruned({ resource }: Subject): void {
    this.#line({ resource }, this.#options.yes === true ? 'pruned' : 'to be pruned');
  }

  failed({ resource }: Subject, message: string): void {
    const label = this.#terminal.noteStyle('red', 'error:');
    this.#failures += 1;
    this.#terminal.note(`${label} ${formatRef(refOf(resource))}: ${message}`);
  }

  nothingPruned(): void {
    this.#terminal.note('nothing is removed, for not all could be applied');
  }

  notRemoved(count: number): void {
    const these = count === 1 ? 'This one is' : `These ${count} are`;
    if (this.#options.yes !== true) this.#terminal.note(`${these} not in the files any more; --yes removes what is so`);
  }

  /** Kinds that may hold something to be removed, and may not be looked at. */
  unseen(kinds: readonly string[]): void {
    if (kinds.length > 0) this.#terminal.note(`not looked through, for it is forbidden: ${kinds.join(', ')}`);
  }

  end(): void {
    const { output } = this.#options;
    if (output !== 'json' && output !== 'yaml') return;
    const [only, ...others] = this.#resources;
    const document =
      others.length === 0 && only !== undefined ? only : { apiVersion: 'v1', kind: 'List', items: this.#resources };
    this.#terminal.print(
      output === 'json' ? JSON.stringify(document, null, 2) : stringify(document, { lineWidth: 0 }).trimEnd(),
    );
  }

  #line({ resource }: Subject, result: string, remark?: string): void {
    const { output, dryRun } = this.#options;
    const name = nameOf(resource);
    if (output === 'name') this.#terminal.print(name);
    if (output !== 'text') return;
    const style = result === 'unchanged' ? 'dim' : 'green';
    const more = [dryRun === true ? 'dry run' : undefined, remark].filter((text) => text !== undefined).join(': ');
    this.#terminal.print(`${name} ${this.#terminal.style(style, result)}${more === '' ? '' : ` (${more})`}`);
  }

  #taken(fields: readonly ContestedField[]): void {
    for (const { path, manager } of fields) this.#terminal.note(`    takes ${path} from ${manager}`);
  }
}
