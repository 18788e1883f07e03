import { formatRef, InvalidResourceError, type KindInfo, type ResourceRef } from '../../../kernel/plugin.js';

const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

/** The path of a group and version: `/api/v1`, `/apis/apps/v1`. */
export function groupVersionPath(apiVersion: string): string {
  const parts = apiVersion.split('/').map(encodeURIComponent).join('/');
  return apiVersion.includes('/') ? `/apis/${parts}` : `/api/${parts}`;
}

/** The path of all resources of a kind, or of those in one namespace. @throws InvalidResourceError for a namespace that cannot be */
export function collectionPath({ apiVersion, plural, namespaced }: KindInfo, namespace?: string): string {
  const root = groupVersionPath(apiVersion);
  if (!namespaced || namespace === undefined) return `${root}/${encodeURIComponent(plural)}`;
  checkNamespace(namespace);
  return `${root}/namespaces/${namespace}/${encodeURIComponent(plural)}`;
}

/** The path of one resource. @throws InvalidResourceError for a name or a namespace that cannot be */
export function resourcePath(info: KindInfo, ref: ResourceRef): string {
  const { name, namespace } = ref;
  checkName(name);
  if (info.namespaced && namespace === undefined) {
    throw new InvalidResourceError(`${formatRef(ref)} needs a namespace: its kind has them`);
  }
  return `${collectionPath(info, namespace)}/${encodeURIComponent(name)}`;
}

/** Kinds have rules of their own for names; these are the ones that hold for every path. */
function checkName(name: string): void {
  if (typeof name !== 'string' || name === '') throw new InvalidResourceError('a resource needs a name');
  const why =
    name === '.' || name === '..'
      ? 'it is only dots'
      : /[/%]/.test(name)
        ? 'it has a slash or a percent sign'
        : name.length > LONGEST_NAME
          ? `it has more than ${LONGEST_NAME} characters`
          : isWellFormed(name)
            ? undefined
            : 'it has characters that no name can have';
  if (why !== undefined)
    throw new InvalidResourceError(`${JSON.stringify(short(name))} cannot be the name of a resource: ${why}`);
}

function checkNamespace(namespace: string): void {
  const fault = namespaceFault(namespace);
  if (fault !== undefined) throw new InvalidResourceError(fault);
}

/** Why no API server can have a namespace of that name; undefined when one can. */
export function namespaceFault(namespace: string): string | undefined {
  if (namespace.length <= LONGEST_LABEL && /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(namespace)) return undefined;
  return `${JSON.stringify(short(namespace))} cannot be a namespace: one has at most ${LONGEST_LABEL} characters a-z, 0-9 and '-', and begins and ends with a letter or digit`;
}

/** Neither control characters nor halves of characters, which an encoded path cannot hold. */
function isWellFormed(name: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(name);
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
