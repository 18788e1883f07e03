import type { Impersonation } from './connection-options.js';

/** Headers with several values are lists. */
export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** The headers by which a user acts as another, for configurations and for the kubeconfig's `as`, `as-groups`, `as-uid` and `as-user-extra`. */
export function impersonationHeaders(as: Impersonation | undefined): Headers {
  if (as === undefined) return {};
  const { user, groups = [], uid, extra = {} } = as;
  return {
    'impersonate-user': user,
    ...(groups.length > 0 && { 'impersonate-group': groups }),
    ...(uid !== undefined && { 'impersonate-uid': uid }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [
        `impersonate-extra-${encodeURIComponent(key).toLowerCase()}`,
        values,
      ]),
    ),
  };
}
