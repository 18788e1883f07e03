import { type LoadedConfig, toKernelOptions } from '../../config/index.js';
import { createKernel, didYouMean, meantOrKnown, type Store } from '../../kernel/index.js';
import type { GetOptions } from '../commands/get.js';
import { loadDeployment } from '../deployment.js';
import { ExitCode } from '../exit-code.js';
import { withProgress } from '../progress.js';
import type { Session } from '../session.js';
import { UsageError } from '../usage-error.js';
import { type ListedResource, listKind } from './listed-resource.js';
import { printDocument, printTables } from './print-resources.js';
import { kindNames, matchingKinds, storedKinds } from './stored-kinds.js';

/** What is asked for: a kind as a person writes it, and one resource of it, or all. */
export interface Wanted {
  readonly kind: string;
  readonly name?: string;
}

/** Prints resources of the configured stores. @throws UsageError, ConfigError, StoreError */
export async function getResources(session: Session, wanted: Wanted, options: GetOptions): Promise<ExitCode> {
  const { terminal, cwd } = session;
  const loaded = await loadDeployment(cwd, options);
  const kernel = createKernel(toKernelOptions(loaded));
  try {
    const stores = chosenStores([...kernel.stores.values()], options.store);
    const search = { wanted, stores, loaded, namespace: options.namespace };
    const result = await withProgress(terminal, 'reading stores', findResources(search));
    if ('missing' in result) {
      terminal.note(`${terminal.noteStyle('red', 'error:')} ${result.missing}`);
      return ExitCode.failed;
    }
    const single = wanted.name !== undefined && result.found.length === 1;
    if (options.output === 'json' || options.output === 'yaml') {
      printDocument(terminal, result.found, { single, format: options.output });
    } else {
      if (result.found.length === 0) terminal.note(`there are none of kind ${result.kinds.join(', ')}`);
      await printTables(session, result.found, { loaded, wide: options.output === 'wide' });
    }
    return ExitCode.ok;
  } finally {
    await kernel.stop();
  }
}

/** Where to look, and what for. */
interface Search {
  readonly wanted: Wanted;
  readonly stores: readonly Store[];
  readonly loaded: LoadedConfig;
  readonly namespace: string | undefined;
}

type SearchResult =
  | { readonly found: readonly ListedResource[]; readonly kinds: readonly string[] }
  /** Why there is nothing, for a person. */
  | { readonly missing: string };

async function findResources({ wanted, stores, loaded, namespace }: Search): Promise<SearchResult> {
  const sources = new Set(loaded.config.definitions.map(({ store }) => store));
  const kinds = await storedKinds(stores, sources);
  const matching = matchingKinds(wanted.kind, kinds);
  if (matching.length === 0) return { missing: noSuchKind(wanted.kind, kindNames(kinds)) };
  const all = (await Promise.all(matching.map((kind) => listKind(kind, namespace)))).flat();
  const found = all.filter(({ resource }) => wanted.name === undefined || resource.metadata.name === wanted.name);
  if (wanted.name === undefined || found.length > 0) return { found, kinds: kindNames(matching) };
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  const names = all.map(({ resource }) => resource.metadata.name);
  const kind = kindNames(matching).join(' or ');
  return { missing: `${kind} '${wanted.name}' was not found${where}${didYouMean(wanted.name, names)}` };
}

function noSuchKind(written: string, known: readonly string[]): string {
  return `no store holds the kind '${written}'${meantOrKnown(written, known)}`;
}

function chosenStores(stores: readonly Store[], name: string | undefined): readonly Store[] {
  const chosen = stores.filter((store) => name === undefined || store.name === name);
  if (name === undefined || chosen.length > 0) return chosen;
  const names = stores.map((store) => store.name);
  throw new UsageError(`there is no store '${name}'${meantOrKnown(name, names)}`);
}
