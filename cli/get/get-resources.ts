import type { GetOptions } from '../commands/get.js';
import { loadDeployment } from '../deployment.js';
import { ExitCode } from '../exit-code.js';
import { chosenStores, openStores } from '../open-stores.js';
import { withProgress } from '../progress.js';
import type { Session } from '../session.js';
import { findResources } from './find-resources.js';
import { labelsOf } from './label-selector.js';
import { printDocument, printNames, printTables } from './print-resources.js';
import { wantedOf } from './wanted.js';

/** Prints resources of the configured stores. @throws UsageError, ConfigError, StoreError */
export async function getResources(session: Session, words: readonly string[], options: GetOptions): Promise<ExitCode> {
  const { terminal, cwd } = session;
  const wanted = wantedOf(words);
  const labels = labelsOf(options.selector);
  const loaded = await loadDeployment(cwd, options);
  const opened = openStores(loaded);
  try {
    const search = { ...options, labels, opened, stores: chosenStores(opened, options.store) };
    const { resources, kinds } = await withProgress(terminal, 'reading stores', findResources(wanted, search));
    if (options.output === 'json' || options.output === 'yaml') {
      const single = resources.length === 1 && wanted.length === 1 && wanted[0]?.names.length === 1;
      printDocument(terminal, resources, { single, format: options.output });
      return ExitCode.ok;
    }
    if (resources.length === 0) terminal.note(`there are none of kind ${kinds.join(', ')}`);
    if (options.output === 'name') printNames(terminal, resources);
    else await printTables(session, resources, { loaded, wide: options.output === 'wide' });
    return ExitCode.ok;
  } finally {
    await opened.close();
  }
}
