import type { MaybePromise } from '../model/json.js';

/** Runs the work; what it throws at once becomes a rejection, so that other work under way is not forgotten. */
export function guarded<T>(work: () => MaybePromise<T>): MaybePromise<T> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Runs the work and gives what `recover` makes of its error, whether it is thrown at once or later. */
export function recovering<T>(work: () => MaybePromise<T>, recover: (error: unknown) => T): MaybePromise<T> {
  try {
    const result = work();
    return result instanceof Promise ? result.catch(recover) : result;
  } catch (error) {
    return recover(error);
  }
}

/** Visits the items one after another until a visit gives something, and gives that. Makes no promise unless a visit does. */
export function firstOf<T, R>(
  items: readonly T[],
  visit: (item: T) => MaybePromise<R | undefined>,
  from = 0,
): MaybePromise<R | undefined> {
  for (let index = from; index < items.length; index += 1) {
    const found = visit(items[index] as T);
    if (found instanceof Promise) return found.then((value) => value ?? firstOf(items, visit, index + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Visits all items, at most `limit` at the same time, and gives the results in their order. Makes no promise unless a visit does. */
export function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  visit: (item: T, index: number) => MaybePromise<R>,
): MaybePromise<readonly R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const work = (): MaybePromise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      const result = guarded(() => visit(items[index] as T, index));
      if (result instanceof Promise) {
        return result.then((value) => {
          results[index] = value;
          return work();
        });
      }
      results[index] = result;
    }
  };
  const workers: Promise<void>[] = [];
  for (let started = 0; started < limit && next < items.length; started += 1) {
    const worker = work();
    if (worker instanceof Promise) workers.push(worker);
  }
  return workers.length === 0 ? results : Promise.all(workers).then(() => results);
}
