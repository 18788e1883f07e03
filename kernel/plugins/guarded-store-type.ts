import { catchError, concat, defer, map, NEVER, type Observable, of, takeUntil } from 'rxjs';
import type { Store, StoreEvent, StoreHealth } from '../contracts/store.js';
import type { StoreType } from '../contracts/store-type.js';
import type { MaybePromise } from '../model/json.js';
import { healedWatch } from './healed-watch.js';
import type { PluginGuard } from './plugin-guard.js';
import { checkedList, checkedResource } from './resource-shape.js';

/** A type of store of a plug-in, whose stores tell their defects as errors that name it. */
export function guardedStoreType(type: StoreType, guard: PluginGuard): StoreType {
  return {
    type: type.type,
    optionsSchema: type.optionsSchema,
    create: (context, options) => {
      const store = type.create(context, options);
      const part = `the store '${context.name}' of type ${type.type}`;
      const call: StoreCall = (method, work, signal) => guard.call(`${method} of ${part}`, work, signal);
      const onFault = (error: unknown): void => guard.incident(`watch of ${part}`, error);
      const { clock } = context;
      return guardedStore(store, call, {
        health: defer(() => healthOf(store, guard)),
        watch: (watch) => (guard.outage === undefined ? healedWatch(watch, { clock, onFault }) : NEVER),
      });
    },
  };
}

type StoreCall = <T>(method: string, work: () => MaybePromise<T>, signal?: AbortSignal) => MaybePromise<T>;

interface StoreStreams {
  readonly health: Observable<StoreHealth>;
  readonly watch: (watch: () => Observable<StoreEvent>) => Observable<StoreEvent>;
}

function guardedStore(store: Store, call: StoreCall, streams: StoreStreams): Store {
  return {
    name: store.name,
    ...(store.holdsDeletion === undefined ? {} : { holdsDeletion: store.holdsDeletion }),
    health: streams.health,
    kinds: async (options) => call('kinds', () => store.kinds(options), options?.signal),
    kind: (gvk, options) => call('kind', () => store.kind(gvk, options), options?.signal),
    get: async (ref, options) =>
      call('get', () => checkedResource(store.get(ref, options), { orNone: true }), options?.signal),
    list: async (selector, options) => call('list', () => checkedList(store.list(selector, options)), options?.signal),
    create: async (resource, options) =>
      call('create', () => checkedResource(store.create(resource, options)), options?.signal),
    apply: async (target, options) =>
      call('apply', () => checkedResource(store.apply(target, options)), options?.signal),
    patch: async (ref, patch, options) =>
      call('patch', () => checkedResource(store.patch(ref, patch, options)), options?.signal),
    patchStatus: async (ref, patch, options) =>
      call('patchStatus', () => checkedResource(store.patchStatus(ref, patch, options)), options?.signal),
    delete: async (ref, options) => call('delete', () => store.delete(ref, options), options?.signal),
    watch: (selector) => defer(() => streams.watch(() => store.watch(selector))),
    close: () => store.close(),
    ...abilitiesOf(store, call),
  };
}

/** What a store cannot do is told by the absence of the method, here too. */
function abilitiesOf(store: Store, call: StoreCall): Partial<Store> {
  const { activity } = store;
  return {
    ...(activity === undefined ? {} : { activity }),
    ...(store.preview === undefined
      ? {}
      : {
          preview: async (target, options) =>
            call('preview', () => checkedResource(store.preview?.(target, options) ?? target), options?.signal),
        }),
    ...(store.defaultNamespace === undefined
      ? {}
      : {
          defaultNamespace: async (options) =>
            call('defaultNamespace', () => store.defaultNamespace?.(options) ?? '', options?.signal),
        }),
    ...(store.announce === undefined
      ? {}
      : {
          // It is best effort, and the log knows.
          announce: (about, notice) =>
            void Promise.resolve(call('announce', () => store.announce?.(about, notice))).catch(() => undefined),
        }),
    ...(store.election === undefined ? {} : { election: store.election.bind(store) }),
  };
}

/** What the store says of itself, as long as its plug-in is not out. */
function healthOf({ health }: Store, guard: PluginGuard): Observable<StoreHealth> {
  const degraded = (message: string): StoreHealth => ({ state: 'degraded', message, problems: [] });
  const own = health.pipe(
    catchError((error: unknown) => of(degraded(guard.complaint('the health of a store', error)))),
    takeUntil(guard.out),
  );
  return concat(own, NEVER.pipe(takeUntil(guard.out)), guard.out.pipe(map(degraded)));
}
