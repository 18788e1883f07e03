import { fromEvent, lastValueFrom, takeUntil, takeWhile, tap } from 'rxjs';
import { stringify } from 'yaml';
import { formatRef, refOf } from '../../kernel/index.js';
import type { InspectOptions } from '../commands/inspect.js';
import { loadDeployment } from '../deployment.js';
import { ExitCode } from '../exit-code.js';
import { findOne } from '../get/find-resources.js';
import { oneWanted } from '../get/wanted.js';
import { chosenStores, openStores } from '../open-stores.js';
import { withProgress } from '../progress.js';
import type { Session } from '../session.js';
import type { Terminal } from '../terminal.js';
import { type Inspection, type InspectionPlace, inspection } from './inspection.js';
import { inspectionRecord } from './inspection-record.js';
import { inspectionLines } from './text-inspection.js';
import { inspections } from './watched-kinds.js';

/** Shows a trigger and all that is managed for it. @throws UsageError, ConfigError, StoreError */
export async function inspect(
  { terminal, cwd }: Session,
  { kind, name }: { readonly kind: string; readonly name: string | undefined },
  options: InspectOptions,
): Promise<ExitCode> {
  const wanted = oneWanted(kind, name);
  const opened = openStores(await loadDeployment(cwd, options));
  try {
    const search = { ...options, opened, stores: chosenStores(opened, options.store) };
    const { store, resource } = await withProgress(terminal, 'reading stores', findOne(wanted, search));
    const place: InspectionPlace = { opened, store, cwd };
    const first = await withProgress(terminal, 'looking at what it manages', inspection(resource, place));
    terminal.print(textOf(terminal, first, options));
    return exitCodeOf(options.watch === true ? await follow(terminal, first, { place, options }) : first);
  } finally {
    await opened.close();
  }
}

function exitCodeOf(found: Inspection | undefined): ExitCode {
  return found?.isReady === true ? ExitCode.ok : ExitCode.failed;
}

function textOf(terminal: Terminal, found: Inspection, { output, verbose, watch }: InspectOptions): string {
  if (output === 'text') return inspectionLines(found, { verbose, style: terminal.style }).join('\n');
  const record = inspectionRecord(found, { whole: verbose > 2 });
  // One a line where there are several.
  if (output === 'json') return JSON.stringify(record, null, watch === true ? 0 : 2);
  return stringify(record, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
}

const CLEAR_SCREEN = '\u001B[2J\u001B[H';

/** Shows it again when it has changed, until it is stopped or gone; gives what was shown last, or nothing when it is gone. */
async function follow(
  terminal: Terminal,
  first: Inspection,
  { place, options }: { readonly place: InspectionPlace; readonly options: InspectOptions },
): Promise<Inspection | undefined> {
  const stop = terminal.stopSignal();
  const ref = refOf(first.resource);
  const between = { text: '\n', json: '', yaml: '---\n' }[options.output];
  let shown = textOf(terminal, first, options);
  const looks = inspections(first, place.opened, async () => {
    const resource = await place.store.get(ref);
    return resource === undefined ? undefined : inspection(resource, place);
  }).pipe(
    tap((found) => {
      const text = found === undefined ? shown : textOf(terminal, found, options);
      if (found === undefined) terminal.note(`${formatRef(ref)} was deleted`);
      if (text === shown) return;
      shown = text;
      terminal.print(`${terminal.isInteractive ? CLEAR_SCREEN : between}${text}`);
    }),
    takeWhile((found) => found !== undefined, true),
    takeUntil(fromEvent(stop, 'abort')),
  );
  return lastValueFrom(looks, { defaultValue: first });
}
