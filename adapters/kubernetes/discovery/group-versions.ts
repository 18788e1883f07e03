import { getAt, isList, isObject, type Json, type JsonObject, type KindInfo } from '../../../kernel/plugin.js';

/** Asks for all that the server has in one answer, of servers that can (1.26 and newer); others answer as they always did. */
export const AGGREGATED = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

/** A kind, and what can be asked of it. */
export interface DiscoveredKind {
  readonly info: KindInfo;
  readonly verbs: readonly string[];
}

/** The kinds of an APIResourceList: what a server tells of one group and version. */
export function kindsIn(apiVersion: string, list: JsonObject): readonly DiscoveredKind[] {
  const resources = objectsIn(list.resources);
  const names = new Set(resources.map(({ name }) => name));
  return resources.flatMap((resource): DiscoveredKind[] => {
    const { name, kind, namespaced } = resource;
    if (typeof name !== 'string' || name.includes('/') || typeof kind !== 'string') return [];
    return [
      discovered(
        { apiVersion, kind, plural: name, namespaced: namespaced === true },
        { ...resource, statusSubresource: names.has(`${name}/status`) },
      ),
    ];
  });
}

/** The kinds of each group and version of an APIGroupDiscoveryList; undefined for another answer. */
export function aggregatedKindsIn(answer: JsonObject): ReadonlyMap<string, readonly DiscoveredKind[]> | undefined {
  if (answer.kind !== 'APIGroupDiscoveryList') return undefined;
  const found = new Map<string, readonly DiscoveredKind[]>();
  for (const item of objectsIn(answer.items)) {
    const group = getAt(item, ['metadata', 'name']);
    for (const version of objectsIn(item.versions)) {
      // A server behind this one that does not answer: what is told of it is old, or nothing.
      if (typeof version.version !== 'string' || version.freshness === 'Stale') continue;
      const apiVersion = typeof group === 'string' && group !== '' ? `${group}/${version.version}` : version.version;
      found.set(
        apiVersion,
        objectsIn(version.resources).flatMap((resource) => aggregatedKind(apiVersion, resource)),
      );
    }
  }
  return found;
}

/** The groups and versions of an APIVersions or an APIGroupList, the preferred version of each group first. */
export function groupVersionsIn(answer: JsonObject): readonly string[] {
  if (isList(answer.versions)) return answer.versions.filter((version) => typeof version === 'string');
  return objectsIn(answer.groups).flatMap((group) => {
    const preferred = getAt(group, ['preferredVersion', 'groupVersion']);
    const all = objectsIn(group.versions).map(({ groupVersion }) => groupVersion);
    return [...new Set([preferred, ...all])].filter((version) => typeof version === 'string');
  });
}

function aggregatedKind(apiVersion: string, resource: JsonObject): DiscoveredKind[] {
  const { resource: plural, scope } = resource;
  const kind = getAt(resource, ['responseKind', 'kind']);
  if (typeof plural !== 'string' || typeof kind !== 'string') return [];
  const statusSubresource = objectsIn(resource.subresources).some(({ subresource }) => subresource === 'status');
  return [
    discovered({ apiVersion, kind, plural, namespaced: scope === 'Namespaced' }, { ...resource, statusSubresource }),
  ];
}

function discovered(base: KindInfo, { shortNames, verbs, statusSubresource }: JsonObject): DiscoveredKind {
  const short = textsIn(shortNames);
  return {
    info: { ...base, ...(short.length > 0 && { shortNames: short }), statusSubresource: statusSubresource === true },
    verbs: textsIn(verbs),
  };
}

function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

function textsIn(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}
