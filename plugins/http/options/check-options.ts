import { gvkKey, meantOrKnown, type Path } from '../../../kernel/plugin.js';
import { templateFault, variablesIn } from '../mapping/url-template.js';
import type { ApiOptions, HeaderValue, HttpOptions, KindOptions, PageOptions, RequestOptions } from './options.js';

/** What is wrong with options, and where. */
export interface OptionFault {
  readonly path: Path;
  readonly message: string;
}

/** Everything that is wrong with options that fit the schema: what one of them says about another. */
export function checkHttpOptions({ apis }: HttpOptions): readonly OptionFault[] {
  return [
    ...apis.flatMap((api, index) => under(['apis', index], checkApi(api))),
    ...doubled(
      apis.map(({ name }, index) => ({ key: name, what: `API named '${name}'`, path: ['apis', index, 'name'] })),
    ),
    ...doubled(
      apis.flatMap(({ kinds }, index) =>
        kinds.map((kind, at) => ({
          key: gvkKey(kind),
          what: `${kind.kind} in ${kind.apiVersion}`,
          path: ['apis', index, 'kinds', at, 'kind'],
        })),
      ),
    ),
  ];
}

function checkApi(api: ApiOptions): readonly OptionFault[] {
  return [
    ...checkBaseUrl(api),
    ...checkHeaders(api.headers, ['headers']),
    ...Object.keys(api.variables ?? {}).flatMap((name) => checkVariableName(name, ['variables', name])),
    ...api.kinds.flatMap((kind, index) => under(['kinds', index], checkKind(kind, Object.keys(api.variables ?? {})))),
  ];
}

function checkBaseUrl({ baseUrl, auth, headers = {}, addresses = [] }: ApiOptions): readonly OptionFault[] {
  const path = ['baseUrl'];
  // The message holds nothing of a URL that may hold a password.
  if (!URL.canParse(baseUrl)) return [{ path, message: 'is no URL' }];
  const url = new URL(baseUrl);
  if (url.username !== '' || url.password !== '') {
    return [{ path, message: 'holds credentials: use `auth`, which names the place of a secret' }];
  }
  if (url.search !== '' || url.hash !== '') return [{ path, message: 'has a query or a fragment: give its path only' }];
  const hasSecrets = auth !== undefined || Object.values(headers).some((value) => typeof value !== 'string');
  if (url.protocol === 'https:' || !hasSecrets || addresses.length > 0) return [];
  return [{ path, message: 'is not encrypted, and secrets are sent to it: use https' }];
}

const SECRET_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'x-api-key']);

function checkHeaders(headers: Readonly<Record<string, HeaderValue>> = {}, path: Path): readonly OptionFault[] {
  return Object.entries(headers)
    .filter(([name, value]) => typeof value === 'string' && SECRET_HEADERS.has(name.toLowerCase()))
    .map(([name]) => ({
      path: [...path, name],
      message: 'would hold a secret in the configuration: use `{fromEnv: NAME}` or `{fromFile: path}`',
    }));
}

function checkKind(kind: KindOptions, constants: readonly string[]): readonly OptionFault[] {
  const { item = {}, read, list, create, update } = kind;
  const parts = typeof item.name === 'object' ? Object.keys(item.name) : [];
  const own = Object.keys(item.variables ?? {});
  const named = [...constants, ...parts, 'name', 'namespace'];
  const changing = [...named, ...own];
  return [
    ...[...parts.map((name) => ['name', name]), ...own.map((name) => ['variables', name])].flatMap(
      ([field = '', name = '']) => checkVariableName(name, ['item', field, name]),
    ),
    ...checkRequest(read, 'read', named),
    ...checkRequest(list, 'list', [...constants, 'namespace']),
    ...checkRequest(create, 'create', named),
    ...checkRequest(update, 'update', changing),
    ...checkRequest(kind.delete, 'delete', changing),
    ...checkLookingUp(kind),
    ...checkRevision(kind),
    ...checkPages(list?.pages),
  ];
}

function checkVariableName(name: string, path: Path): readonly OptionFault[] {
  if (name !== 'name' && name !== 'namespace') return [];
  return [{ path, message: `'${name}' is a variable already: that of the resource` }];
}

function checkRequest(
  request: RequestOptions | undefined,
  field: string,
  variables: readonly string[],
): readonly OptionFault[] {
  if (request === undefined) return [];
  const headers = checkHeaders(request.headers, [field, 'headers']);
  const path = [field, 'url'];
  const fault = templateFault(request.url);
  if (fault !== undefined) return [{ path, message: `is no template of a URL here: one that ${fault}` }, ...headers];
  const unknown = variablesIn(request.url).filter((name) => !variables.includes(name));
  return [
    ...unknown.map((name) => ({
      path,
      message: `there is no variable '${name}' here${meantOrKnown(name, variables)}`,
    })),
    ...headers,
  ];
}

/** What is needed to find an item in a list. */
function checkLookingUp({ item = {}, read, list }: KindOptions): readonly OptionFault[] {
  const faults: OptionFault[] = [];
  const isListed = list !== undefined || read?.in !== undefined;
  if (isListed && item.name === undefined) {
    faults.push({ path: ['item'], message: 'needs `name`: items of a list are told apart by it' });
  }
  const byNamespace = (url = ''): boolean => variablesIn(url).includes('namespace');
  if (list !== undefined && byNamespace(read?.url) && !byNamespace(list.url) && item.namespace === undefined) {
    faults.push({ path: ['item'], message: 'needs `namespace`, as the list is of all namespaces' });
  }
  if (read?.in !== undefined && read.at !== undefined) {
    faults.push({ path: ['read', 'at'], message: 'means nothing beside `in`: the answer is a list' });
  }
  if (list?.brief === true && (read === undefined || read.in !== undefined)) {
    faults.push({ path: ['list', 'brief'], message: 'needs a `read` of single items' });
  }
  return faults;
}

function checkRevision({ item = {}, read }: KindOptions): readonly OptionFault[] {
  if (item.revision !== 'etag' || (read !== undefined && read.in === undefined)) return [];
  return [{ path: ['item', 'revision'], message: 'needs a `read` of single items: lists give no ETag for each' }];
}

function checkPages(pages: PageOptions | undefined): readonly OptionFault[] {
  if (pages === undefined) return [];
  const needed = { link: [], url: ['at'], cursor: ['at', 'query'] }[pages.type];
  const missing = needed.filter((key) => !Object.hasOwn(pages, key));
  return missing.map((key) => ({ path: ['list', 'pages'], message: `needs \`${key}\` for pages by ${pages.type}` }));
}

function doubled(claims: readonly { key: string; what: string; path: Path }[]): readonly OptionFault[] {
  return claims
    .filter(({ key }, index) => claims.findIndex((claim) => claim.key === key) !== index)
    .map(({ what, path }) => ({ path, message: `there is another ${what}` }));
}

function under(path: Path, faults: readonly OptionFault[]): readonly OptionFault[] {
  return faults.map((fault) => ({ ...fault, path: [...path, ...fault.path] }));
}
