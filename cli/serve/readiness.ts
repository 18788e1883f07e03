import type { WatchedKind } from '../../kernel/index.js';
import { type Check, check } from './check.js';
import type { Duty } from './duty.js';

/** What is asked to tell whether a process does its work, or stands by to. */
export interface ReadinessFacts {
  readonly duty: Duty['type'];
  /** The watches that have not told yet all that was there. */
  readonly unsynced: readonly WatchedKind[];
  /** Each store, with what it has been waiting for longer than it may. */
  readonly stores: readonly { readonly name: string; readonly failure?: string }[];
  /** Each plug-in, and why it is out when it is. */
  readonly plugins: readonly { readonly name: string; readonly outage?: string }[];
}

/** Whether the process is ready. One that stands by is: it would take over. */
export function readiness({ duty, unsynced, stores, plugins }: ReadinessFacts): readonly Check[] {
  switch (duty) {
    case 'starting':
      return [check('duty', 'it is starting: nothing has been read yet')];
    case 'standby':
      return [check('duty', undefined)];
    case 'stopping':
      return [check('duty', 'it is stopping')];
    case 'working':
      return [
        check('duty', undefined),
        check('watches', waitingFor(unsynced)),
        ...stores.map(({ name, failure }) => check(`store-${name}`, failure)),
        ...plugins
          .filter(({ outage }) => outage !== undefined)
          .map(({ name, outage }) => check(`plugin-${name}`, outage)),
      ];
  }
}

/** So many watches are named; the others are counted. */
const NAMED = 5;

function waitingFor(watches: readonly WatchedKind[]): string | undefined {
  if (watches.length === 0) return undefined;
  const named = watches.slice(0, NAMED).map(({ kind, apiVersion, namespace, store }) => {
    const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
    return `${kind} (${apiVersion})${where} of store ${store}`;
  });
  const others = watches.length > NAMED ? ` and ${watches.length - NAMED} more` : '';
  return `waits to be told what there is of: ${named.join(', ')}${others}`;
}
