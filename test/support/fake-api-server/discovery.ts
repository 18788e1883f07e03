import { apiVersionOf, type KindRegistry, type ServedKind } from './served-kind.js';

const AGGREGATED = /g=apidiscovery\.k8s\.io;v=(v2beta1|v2)/;
const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

/** An answer, and the type of its content. */
export interface DiscoveryAnswer {
  readonly body: unknown;
  readonly contentType: string;
}

/** Documents that tell what is served, one for each path or, to those who ask for it, all at once. */
export function discoveryAt(
  path: string,
  accept: string,
  { kinds, aggregated }: { readonly kinds: KindRegistry; readonly aggregated: boolean },
): DiscoveryAnswer | undefined {
  const version = aggregated ? AGGREGATED.exec(accept)?.[1] : undefined;
  const body = version === undefined ? plain(path, kinds) : (allAtOnce(path, kinds, version) ?? plain(path, kinds));
  if (body === undefined) return undefined;
  const isAll = version !== undefined && (path === '/api' || path === '/apis');
  const contentType = isAll
    ? `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`
    : 'application/json';
  return { body, contentType };
}

function plain(path: string, kinds: KindRegistry): unknown {
  const [root, group, version, ...beyond] = path.split('/').filter((part) => part !== '');
  if (beyond.length > 0) return undefined;
  if (root === 'api') {
    if (group === undefined) return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
    return version === undefined ? resourceList('', group, kinds) : undefined;
  }
  if (root !== 'apis') return undefined;
  if (group === undefined) {
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(kinds).map((name) => apiGroup(name, kinds)) };
  }
  if (!groupsOf(kinds).includes(group)) return undefined;
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group, kinds) };
  return resourceList(group, version, kinds);
}

function resourceList(group: string, version: string, kinds: KindRegistry): unknown {
  const served = kinds.all().filter((kind) => kind.group === group && kind.versions.includes(version));
  if (served.length === 0) return undefined;
  const resources = served.flatMap((kind) => [
    {
      name: kind.plural,
      singularName: kind.kind.toLowerCase(),
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: VERBS,
      ...namesOf(kind),
    },
    ...(kind.statusSubresource
      ? [
          {
            name: `${kind.plural}/status`,
            singularName: '',
            namespaced: kind.namespaced,
            kind: kind.kind,
            verbs: ['get', 'patch', 'update'],
          },
        ]
      : []),
  ]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf(group, version), resources };
}

function allAtOnce(path: string, kinds: KindRegistry, version: string): unknown {
  if (path !== '/api' && path !== '/apis') return undefined;
  const groups = path === '/api' ? [''] : groupsOf(kinds);
  const items = groups.map((group) => ({
    metadata: { ...(group !== '' && { name: group }), creationTimestamp: null },
    versions: versionsOf(group, kinds).map((one) => ({
      version: one,
      freshness: 'Current',
      resources: kinds
        .all()
        .filter((kind) => kind.group === group && kind.versions.includes(one))
        .map((kind) => discovered(kind, one)),
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
}

function discovered(kind: ServedKind, version: string): unknown {
  const responseKind = { group: kind.group, version, kind: kind.kind };
  return {
    resource: kind.plural,
    responseKind,
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.kind.toLowerCase(),
    verbs: VERBS,
    ...namesOf(kind),
    ...(kind.statusSubresource && {
      subresources: [{ subresource: 'status', responseKind, verbs: ['get', 'patch', 'update'] }],
    }),
  };
}

function namesOf({ shortNames = [], categories = [] }: ServedKind): object {
  return { ...(shortNames.length > 0 && { shortNames }), ...(categories.length > 0 && { categories }) };
}

function apiGroup(name: string, kinds: KindRegistry): { name: string; versions: unknown; preferredVersion: unknown } {
  const versions = versionsOf(name, kinds).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

function groupsOf(kinds: KindRegistry): string[] {
  return [...new Set(kinds.all().map(({ group }) => group))].filter((group) => group !== '');
}

function versionsOf(group: string, kinds: KindRegistry): string[] {
  return [...new Set(kinds.all().flatMap((kind) => (kind.group === group ? kind.versions : [])))];
}
