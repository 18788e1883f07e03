import type { GroupVersionKind } from '../model/resource.js';

/** What a call to a store's server is for, in Kubernetes' words. */
export type CallVerb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'apply' | 'delete' | 'discover';

/** Why a watch was begun anew. */
export type WatchRestart = 'closed' | 'expired' | 'error' | 'silent';

/** One thing that a store did on the wire. */
export type StoreActivity =
  | {
      readonly type: 'call';
      readonly verb: CallVerb;
      /** The status code of the answer, or why there was none: `timeout`, `network`, `aborted`. */
      readonly code: string;
      readonly durationMs: number;
      /** Absent for calls that are about no kind. */
      readonly kind?: GroupVersionKind;
    }
  | { readonly type: 'watch-restart'; readonly kind: GroupVersionKind; readonly why: WatchRestart };
