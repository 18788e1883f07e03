import type { KindInfo } from '../../kernel/plugin.js';
import type { KindApi } from './api/kind-api.js';
import type { KindSurvey } from './watch/kind-survey.js';
import type { KnownRefs } from './watch/known-refs.js';

/** A kind that a handler serves: what is known of it, its requests, and how it is watched. Times in milliseconds. */
export interface ServedKind {
  readonly info: KindInfo;
  readonly api: KindApi;
  readonly known: KnownRefs;
  /** A survey for one watch, which remembers what it has seen. */
  readonly survey: () => KindSurvey;
  readonly everyMs: number;
  readonly longestMs: number;
}
