import { setTimeout } from 'node:timers/promises';
import { asJson, getAt, isList, type Resource, refOf, type Store, UnavailableError } from '../../kernel/index.js';
import { kindsOf } from './placed-manifest.js';

const POLL_MS = 100;

/** Waits until a store takes resources of the kinds that a CustomResourceDefinition declares. @throws UnavailableError after the time */
export async function awaitKinds(
  declaration: Resource,
  store: Store,
  { signal, timeoutSeconds }: { readonly signal: AbortSignal; readonly timeoutSeconds: number },
): Promise<void> {
  const end = performance.now() + timeoutSeconds * 1000;
  for (const kind of kindsOf(declaration)) {
    while ((await store.kind(kind, { signal })) === undefined) {
      if (performance.now() > end) {
        const why = await reasonOf(declaration, store);
        throw new UnavailableError(`${kind.kind} is not served after ${timeoutSeconds} s${why}`);
      }
      await setTimeout(POLL_MS, undefined, { signal });
    }
  }
}

/** What the API server says of why it does not serve the kind. */
async function reasonOf(declaration: Resource, store: Store): Promise<string> {
  const present = await store.get(refOf(declaration));
  const conditions = present === undefined ? undefined : getAt(asJson(present), ['status', 'conditions']);
  const bad = isList(conditions) ? conditions.find((one) => getAt(one, ['status']) === 'False') : undefined;
  const message = getAt(bad, ['message']);
  return typeof message === 'string' ? `: ${message}` : '';
}
