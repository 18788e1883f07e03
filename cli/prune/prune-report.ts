import { stringify } from 'yaml';
import type { PruneOptions } from '../commands/prune.js';
import { formatTable } from '../table.js';
import type { Terminal } from '../terminal.js';
import type { Suspected, Unused } from './definition-usage.js';

/** How a pruning ended. */
export interface PruneEnd {
  readonly removed: ReadonlySet<Unused>;
  /** Whether something could not be read, so that nothing was removed. */
  readonly unread: boolean;
}

/** Tells what is used by nothing, and what became of it. */
export class PruneReport {
  readonly #terminal: Terminal;
  readonly #options: Pick<PruneOptions, 'output' | 'yes'>;

  constructor(terminal: Terminal, options: Pick<PruneOptions, 'output' | 'yes'>) {
    this.#terminal = terminal;
    this.#options = options;
  }

  suspected(suspected: readonly Suspected[]): void {
    for (const { name, why } of suspected) this.#terminal.note(`kept: ResourceTemplate ${name}, for ${why}`);
  }

  failed(definition: string, message: string): void {
    this.#terminal.note(`${this.#terminal.noteStyle('red', 'error:')} ${definition}: ${message}`);
  }

  end(unused: readonly Unused[], { removed, unread }: PruneEnd): void {
    const { output, yes } = this.#options;
    if (output === 'text') {
      if (unused.length > 0) for (const line of this.#table(unused, removed)) this.#terminal.print(line);
    } else {
      const document = { definitions: unused.map((one) => recordOf(one, removed)) };
      const yaml = stringify(document, { lineWidth: 0 }).trimEnd();
      this.#terminal.print(output === 'json' ? JSON.stringify(document, null, 2) : yaml);
    }
    if (unused.length === 0) this.#terminal.note('every definition is used');
    else if (unread)
      this.#terminal.note('nothing is removed while something cannot be read: it might refer to anything');
    else if (yes !== true) this.#terminal.note(`${counted(unused)} used by nothing; --yes removes what is so`);
  }

  #table(unused: readonly Unused[], removed: ReadonlySet<Unused>): readonly string[] {
    const { style } = this.#terminal;
    const titles = ['NAMESPACE', 'KIND', 'NAME', 'STORE', ...(removed.size > 0 ? ['RESULT'] : []), 'WHY'];
    return formatTable([
      titles.map((title) => style('dim', title)),
      ...unused.map((one) => {
        const { kind, metadata } = one.resource;
        const result = removed.has(one) ? style('green', 'removed') : style('red', 'kept');
        return [
          metadata.namespace ?? '-',
          kind,
          style('bold', metadata.name),
          one.store,
          ...(removed.size > 0 ? [result] : []),
          one.why,
        ];
      }),
    ]);
  }
}

function counted({ length }: readonly Unused[]): string {
  return length === 1 ? '1 definition is' : `${length} definitions are`;
}

function recordOf(one: Unused, removed: ReadonlySet<Unused>) {
  const { apiVersion, kind, metadata } = one.resource;
  const { name, namespace = null } = metadata;
  return { apiVersion, kind, namespace, name, store: one.store, why: one.why, removed: removed.has(one) };
}
