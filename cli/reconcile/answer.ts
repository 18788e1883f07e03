import { concatMap, fromEvent, lastValueFrom, type Observable, of, takeUntil, takeWhile } from 'rxjs';
import {
  annotationOf,
  annotations,
  asJson,
  getAt,
  type Resource,
  refKey,
  refOf,
  type Store,
  type StoreEvent,
} from '../../kernel/index.js';

/** What became of a request for a run. */
export type Answer =
  | { readonly type: 'handled'; readonly trigger: Resource }
  /** Nobody has answered; the trigger as it is now. */
  | { readonly type: 'silence'; readonly trigger: Resource }
  | { readonly type: 'gone' };

/** A request that was made: the trigger as it was then, and the value of the annotation. */
export interface Request {
  readonly store: Store;
  readonly trigger: Resource;
  readonly at: string;
}

/** Waits until a run has answered the request, the trigger is gone, or the signal is aborted. Never rejects. */
export function waitForAnswer(request: Request, signal: AbortSignal): Promise<Answer> {
  const { store, trigger } = request;
  const { apiVersion, kind } = trigger;
  const { namespace } = trigger.metadata;
  const selector = { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) };
  const answers = store.watch(selector).pipe(
    concatMap((event) => answerIn(event, request)),
    takeUntil(aborted(signal)),
    takeWhile(({ type }) => type === 'silence', true),
  );
  return lastValueFrom(answers, { defaultValue: { type: 'silence', trigger } });
}

function aborted(signal: AbortSignal): Observable<unknown> {
  return signal.aborted ? of(undefined) : fromEvent(signal, 'abort');
}

/** What an event says of the request; nothing when it is about something else. */
function answerIn(event: StoreEvent, { trigger, at }: Request): readonly Answer[] {
  if (event.type === 'synced' || refKey(refOf(event.resource)) !== refKey(refOf(trigger))) return [];
  const isOurs = event.type !== 'deleted' && event.resource.metadata.uid === trigger.metadata.uid;
  if (!isOurs) return [{ type: 'gone' }];
  return [{ type: isHandled(event.resource, at) ? 'handled' : 'silence', trigger: event.resource }];
}

/** An answer to a later request of somebody else is one to ours as well. */
function isHandled(trigger: Resource, at: string): boolean {
  const handled = getAt(asJson(trigger), ['status', 'koreo', 'lastHandledReconcileAt']);
  if (handled === at) return true;
  const asked = annotationOf(trigger, annotations.reconcileRequestedAt);
  return asked !== at && asked !== undefined && handled === asked;
}
