import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.js';
import type { KindRegistry, ServedKind } from './served-kind.js';

/** What a request asks for, in the words that RBAC and audit logs use; `apply` is a patch of its own. */
export type ApiVerb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'patch'
  | 'apply'
  | 'delete'
  | 'deletecollection'
  | 'discover';

/** Where a request points, as its path says, whether or not that is there. */
export interface ApiTarget {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** A request that names a kind that is served. */
export interface ApiCall {
  readonly verb: ApiVerb;
  readonly target: ApiTarget;
  readonly kind: ServedKind;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly userAgent: string;
  readonly body: string;
}

/** The target of a path below `/api/VERSION` or `/apis/GROUP/VERSION`; undefined for any other. */
export function targetOf(path: string): ApiTarget | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const [root, ...rest] = parts;
  const group = root === 'apis' ? rest.shift() : root === 'api' ? '' : undefined;
  const version = rest.shift();
  if (group === undefined || version === undefined || rest.length === 0) return undefined;
  // `namespaces/NAME` and its parts are about the namespace itself.
  const isInside = rest[0] === 'namespaces' && rest.length > 2 && !(rest.length === 3 && isPartOfNamespace(rest[2]));
  const namespace = isInside ? rest.splice(0, 2)[1] : undefined;
  const [plural = '', name, subresource, ...beyond] = rest;
  if (beyond.length > 0) return undefined;
  return {
    group,
    version,
    plural,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  };
}

/** What a request is for, by its method, its target and its type of body. */
export function verbOf(request: IncomingMessage, target: ApiTarget | undefined, query: URLSearchParams): ApiVerb {
  if (target === undefined) return 'discover';
  switch (request.method) {
    case 'GET':
      if (isTrue(query.get('watch'))) return 'watch';
      return target.name === undefined ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return mediaType(request) === 'application/apply-patch+yaml' ? 'apply' : 'patch';
    case 'DELETE':
      return target.name === undefined ? 'deletecollection' : 'delete';
    default:
      throw new ApiError(405, 'the server does not allow this method on the requested resource');
  }
}

/** The kind behind a target. @throws ApiError 404 when the server serves no such path */
export function kindAt(kinds: KindRegistry, target: ApiTarget): ServedKind {
  const kind = kinds.at(target.group, target.version, target.plural);
  const scopeFits = kind !== undefined && (kind.namespaced || target.namespace === undefined);
  const hasPart = target.subresource === undefined || (target.subresource === 'status' && kind?.statusSubresource);
  const isNamed = target.name === undefined || !kind?.namespaced || target.namespace !== undefined;
  if (kind === undefined || !scopeFits || !hasPart || !isNamed) {
    throw new ApiError(404, 'the server could not find the requested resource');
  }
  return kind;
}

export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
}

export function isTrue(text: string | null): boolean {
  return text === 'true' || text === '1';
}

function isPartOfNamespace(text: string | undefined): boolean {
  return text === 'status' || text === 'finalize';
}
