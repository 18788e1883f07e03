import { ConflictError, NotFoundError } from '../contracts/store-errors.js';
import { type Resource, refOf } from '../model/resource.js';
import type { TriggerRecord } from './trigger-book.js';
import { mergesConditions, statusPatchFor, type TriggerView } from './trigger-view.js';

/** After as many conflicts in a row a status is left for the next run. */
const TRIES = 3;

/** What became of a status: the trigger as it was then, or that it is gone. */
export type Written =
  | { readonly type: 'written'; readonly resource: Resource }
  | { readonly type: 'unchanged' }
  | { readonly type: 'gone' };

/**
 * Makes a trigger show a view with at most one write, and none when it does already. A trigger that somebody else has
 * changed meanwhile is read again and the write computed anew.
 * @throws StoreError when the store does not take it
 */
export async function writeStatus(
  record: Pick<TriggerRecord, 'store' | 'resource'>,
  view: TriggerView,
  signal: AbortSignal,
): Promise<Written> {
  const { store } = record;
  const { uid } = record.resource.metadata;
  let trigger = record.resource;
  for (let attempt = 1; ; attempt += 1) {
    const patch = statusPatchFor(trigger, view);
    if (patch === undefined)
      return trigger === record.resource ? { type: 'unchanged' } : { type: 'written', resource: trigger };
    try {
      const resource = await store.patchStatus(refOf(trigger), patch, { signal, known: trigger, ...guards(trigger) });
      return { type: 'written', resource };
    } catch (error) {
      if (error instanceof NotFoundError) return { type: 'gone' };
      if (!(error instanceof ConflictError) || attempt === TRIES) throw error;
    }
    const fresh = await store.get(refOf(trigger), { signal });
    if (fresh === undefined || fresh.metadata.uid !== uid) return { type: 'gone' };
    trigger = fresh;
  }
}

/** The patch is right however late it comes, but where it holds a list that others write to as well. */
function guards(trigger: Resource): { uid?: string; revision?: string } {
  const { uid, resourceVersion: revision } = trigger.metadata;
  return {
    ...(uid === undefined ? {} : { uid }),
    ...(revision === undefined || !mergesConditions(trigger) ? {} : { revision }),
  };
}
