import type { ApiTarget, ApiVerb } from './api-call.js';

/** One request as it came in, and what became of it. */
export interface RecordedRequest {
  readonly verb: ApiVerb;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly target: ApiTarget | undefined;
  readonly userAgent: string;
  readonly contentType: string;
  readonly body: string;
  /** Who its token names; undefined when it has none, or none is asked for. */
  readonly user: string | undefined;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly time: number;
  /** The status code of the answer; undefined when there was none, or not yet. */
  code?: number;
}

/** Which requests are meant; what is absent does not matter. */
export interface RequestPattern {
  readonly verb?: ApiVerb | readonly ApiVerb[];
  /** The plural: `configmaps`. */
  readonly plural?: string;
  readonly group?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** `status`; an empty text for the object itself. */
  readonly subresource?: string;
  readonly userAgent?: RegExp;
  readonly path?: RegExp;
}

/** Whether a pattern means a request. */
export function matchesRequest(pattern: RequestPattern, request: RecordedRequest): boolean {
  const { verb, userAgent, path, ...fields } = pattern;
  const verbs = verb === undefined || typeof verb === 'string' ? verb : [...verb];
  if (verbs !== undefined && verbs !== request.verb && !verbs.includes(request.verb)) return false;
  if (userAgent !== undefined && !userAgent.test(request.userAgent)) return false;
  if (path !== undefined && !path.test(request.path)) return false;
  const { target } = request;
  return (Object.keys(fields) as (keyof typeof fields)[]).every(
    (field) => fields[field] === undefined || fields[field] === (target?.[field] ?? ''),
  );
}
