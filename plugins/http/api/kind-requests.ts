import type { JsonObject, ResourceRef } from '../../../kernel/plugin.js';
import type { Item, ItemMapping } from '../mapping/item-mapping.js';
import { type Change, createBody, filled, updateBody } from '../mapping/request-body.js';
import { expandText, expandUrl, type Variables, variablesIn } from '../mapping/url-template.js';
import type { HeaderValue, KindOptions, ListOptions, ReadOptions, RequestOptions } from '../options/options.js';
import type { HttpRequest } from '../wire/http-client.js';
import { RequestHeaders } from '../wire/request-headers.js';
import type { Secrets } from '../wire/secrets.js';

/** What the requests of a kind are made with. */
export interface RequestParts {
  readonly base: URL;
  /** Constants of the API. */
  readonly variables: Variables;
  readonly secrets: Secrets;
  readonly mapping: ItemMapping;
}

/** Makes the requests of one kind from their templates. Each throws InvalidResourceError for names that no URL can carry. */
export class KindRequests {
  readonly #options: KindOptions;
  readonly #parts: RequestParts;

  constructor(options: KindOptions, parts: RequestParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Whether the list is of one namespace. */
  get listIsNamespaced(): boolean {
    return variablesIn(this.#options.list?.url ?? '').includes('namespace');
  }

  read(options: ReadOptions, ref: ResourceRef): HttpRequest {
    return this.#request('read', options, { method: 'GET', variables: this.#parts.mapping.variablesOf(ref) });
  }

  list(options: ListOptions, namespace: string | undefined): HttpRequest {
    return this.#request('read', options, { method: 'GET', variables: namespace === undefined ? {} : { namespace } });
  }

  /** Undefined where the options say no way. */
  create(ref: ResourceRef, spec: JsonObject): HttpRequest | undefined {
    const { create, read, update, delete: remove } = this.#options;
    if (create === undefined) return undefined;
    const { mapping } = this.#parts;
    const variables = mapping.variablesOf(ref);
    // What could never be asked for by its name again is not made.
    for (const later of [read, update, remove]) if (later !== undefined) expandUrl(later.url, this.#all(variables));
    const { body: _template, ...request } = create;
    const body = createBody(create, spec, { mapping: mapping.spec, variables: this.#all(variables) });
    const { method = 'POST' } = create;
    // Where the URL is that of the item, what somebody else has just made is not to be replaced.
    const guard = method === 'PUT' ? { ifNoneMatch: '*' } : {};
    return { ...this.#request('create', request, { method, variables }), body, ...guard };
  }

  /** Undefined where the options say no way. */
  update(ref: ResourceRef, item: Item, change: Change): HttpRequest | undefined {
    const { update } = this.#options;
    if (update === undefined) return undefined;
    const { mapping } = this.#parts;
    const variables = { ...mapping.variablesOf(ref), ...mapping.variablesFrom(item) };
    const { body: _template, ...request } = update;
    const body = updateBody(update, change, { mapping: mapping.spec, variables: this.#all(variables) });
    const made = this.#request('update', request, { method: 'PATCH', variables });
    return { ...made, body, ...matching(item) };
  }

  /** Undefined where the options say no way. */
  delete(ref: ResourceRef, item: Item): HttpRequest | undefined {
    if (this.#options.delete === undefined) return undefined;
    const { mapping } = this.#parts;
    const variables = { ...mapping.variablesOf(ref), ...mapping.variablesFrom(item) };
    return { ...this.#request('delete', this.#options.delete, { method: 'DELETE', variables }), ...matching(item) };
  }

  #request(
    verb: HttpRequest['verb'],
    { method: chosen, url, headers = {}, body }: RequestOptions,
    { method, variables }: { readonly method: string; readonly variables: Variables },
  ): HttpRequest {
    const all = this.#all(variables);
    const texts = Object.entries(headers).map(([name, value]): [string, HeaderValue] => [
      name,
      typeof value === 'string' ? expandText(value, all) : value,
    ]);
    return {
      verb,
      method: chosen ?? method,
      url: this.#urlOf(expandUrl(url, all)),
      headers: new RequestHeaders(this.#parts.secrets, Object.fromEntries(texts)),
      ...(body === undefined ? {} : { body: filled(body, all) }),
    };
  }

  #all(variables: Variables): Variables {
    return { ...this.#parts.variables, ...variables };
  }

  #urlOf(path: string): URL {
    const { base } = this.#parts;
    return new URL(`${base.origin}${base.pathname.replace(/\/$/, '')}${path}`);
  }
}

/** A weak entity tag never matches where a strong comparison is asked for, as it is for writes (RFC 9110). */
function matching({ etag }: Item): { readonly ifMatch?: string } {
  return etag?.startsWith('"') === true ? { ifMatch: etag } : {};
}
