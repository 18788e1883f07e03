import { firstValueFrom } from 'rxjs';
import {
  definitionKind,
  errorMessage,
  formatRef,
  type GroupVersionKind,
  type Problem,
  refOf,
  StoreError,
} from '../../kernel/index.js';
import { presentDefinitions } from '../apply/check-definitions.js';
import { removeLeftover } from '../apply/prune-set.js';
import type { PruneOptions } from '../commands/prune.js';
import { definitionSet } from '../definitions/definition-set.js';
import { loadDeployment } from '../deployment.js';
import { ExitCode } from '../exit-code.js';
import { chosenStores, type OpenStores, openStores } from '../open-stores.js';
import { fromHere, problemLine } from '../problems.js';
import { withProgress } from '../progress.js';
import type { Session } from '../session.js';
import { type DefinitionUsage, definitionUsage, type PresentDefinition, type Unused } from './definition-usage.js';
import { namedByTriggers } from './named-by-triggers.js';
import { PruneReport } from './prune-report.js';

/** Shows, or removes, the definitions that nothing uses. @throws UsageError, ConfigError, StoreError */
export async function prune(session: Session, options: PruneOptions): Promise<ExitCode> {
  const { terminal, cwd } = session;
  const loaded = await loadDeployment(cwd, options);
  const opened = openStores(loaded);
  const signal = terminal.stopSignal();
  try {
    const stores = new Set(chosenStores(opened, options.store).map(({ name }) => name));
    const { problems, unused, suspected } = await withProgress(terminal, 'reading stores', findUnused(opened, signal));
    for (const problem of problems) {
      const here = fromHere(problem, { baseDirectory: loaded.baseDirectory, cwd });
      terminal.note(problemLine(here, terminal.noteStyle));
    }
    const chosen = unused.filter(
      ({ resource, store }) =>
        stores.has(store) && (options.namespace ?? resource.metadata.namespace) === resource.metadata.namespace,
    );
    const report = new PruneReport(terminal, options);
    report.suspected(suspected);
    const removes = options.yes === true && problems.length === 0;
    const removed = removes ? await removeAll(chosen, { opened, report, signal }) : [];
    report.end(chosen, { removed: new Set(removed), unread: problems.length > 0 });
    return problems.length > 0 || (removes && removed.length < chosen.length) ? ExitCode.failed : ExitCode.ok;
  } finally {
    await opened.close();
  }
}

interface Found extends DefinitionUsage {
  /** What could not be read, and might refer to anything. */
  readonly problems: readonly Problem[];
}

async function findUnused(opened: OpenStores, signal: AbortSignal): Promise<Found> {
  const { definitions: sources } = opened.loaded.config;
  const present = (await presentDefinitions(opened)).filter((one) => counts(one, opened));
  const { definitions } = definitionSet({ resources: present, context: opened.loaded.workbench.context, sources });
  const kinds = [...definitions.entries()].flatMap((entry): readonly GroupVersionKind[] => {
    if (entry.status === 'broken') return entry.trigger === undefined ? [] : [entry.trigger];
    const trigger = entry.definition.kind === 'Workflow' ? entry.definition.trigger : undefined;
    return trigger === undefined ? [] : [trigger];
  });
  const places = kinds.map((kind) => ({ kind, store: opened.router.storeOfTriggers(kind) }));
  const named = await namedByTriggers(places, signal);
  const read = new Set([
    ...sources.flatMap(({ store }) => opened.all.get(store) ?? []),
    ...places.map(({ store }) => store),
  ]);
  const health = await Promise.all([...read].map((store) => firstValueFrom(store.health)));
  return {
    ...definitionUsage({ present, definitions, named }),
    problems: health.flatMap(({ problems }) => problems),
  };
}

/** Whether the definition lies where definitions are read from. Others are none of this deployment's business. */
function counts({ resource, store }: PresentDefinition, { loaded }: OpenStores): boolean {
  const { namespace = '' } = resource.metadata;
  return (
    definitionKind(resource) !== undefined &&
    loaded.config.definitions.some(
      (source) => source.store === store && (source.namespaces?.includes(namespace) ?? true),
    )
  );
}

interface Removal {
  readonly opened: OpenStores;
  readonly report: PruneReport;
  readonly signal: AbortSignal;
}

/** Removes each that is still as it was read; gives those that are gone. */
async function removeAll(unused: readonly Unused[], { opened, report, signal }: Removal): Promise<readonly Unused[]> {
  const removed: Unused[] = [];
  for (const one of unused) {
    const store = opened.all.get(one.store);
    if (store === undefined || signal.aborted) continue;
    try {
      await removeLeftover({ resource: one.resource, store }, signal);
      removed.push(one);
    } catch (error) {
      if (!(error instanceof StoreError) && !signal.aborted) throw error;
      report.failed(formatRef(refOf(one.resource)), errorMessage(error));
    }
  }
  return removed;
}
