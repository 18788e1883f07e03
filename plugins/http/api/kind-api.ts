import {
  ConflictError,
  equalJson,
  formatRef,
  hasKey,
  InvalidResourceError,
  isList,
  isObject,
  type Json,
  type JsonObject,
  mergePatch,
  NotFoundError,
  type Resource,
  type ResourceRef,
  refKey,
  UnavailableError,
} from '../../../kernel/plugin.js';
import type { Found, Item, ItemMapping } from '../mapping/item-mapping.js';
import { valueAt } from '../mapping/pointer.js';
import type { KindOptions, ListOptions, ReadOptions } from '../options/options.js';
import type { HttpAnswer, HttpClient } from '../wire/http-client.js';
import { UnexpectedAnswerError } from '../wire/http-errors.js';
import type { KindRequests } from './kind-requests.js';
import { nextPage } from './next-page.js';
import { Turns } from './turns.js';

/** What a list held, to be asked for again only when it is another. */
export interface Listing {
  readonly found: readonly Found[];
  /** Absent where a look at one answer does not tell whether all is as it was. */
  readonly etag?: string;
}

/** The resource that a write was computed from. */
export interface Guards {
  readonly uid?: string | undefined;
  readonly revision?: string | undefined;
}

const MOST_PAGES = 1000;

interface Call {
  readonly signal?: AbortSignal | undefined;
}

/** Reads and changes the items of one kind in its API. Throws StoreErrors. */
export class KindApi {
  readonly #options: KindOptions;
  readonly #mapping: ItemMapping;
  readonly #requests: KindRequests;
  readonly #client: HttpClient;
  readonly #turns = new Turns();

  constructor(options: KindOptions, mapping: ItemMapping, requests: KindRequests, client: HttpClient) {
    this.#options = options;
    this.#mapping = mapping;
    this.#requests = requests;
    this.#client = client;
  }

  /** @param known is given again when the API says that it has not changed */
  async read(
    ref: ResourceRef,
    { signal, known }: Call & { readonly known?: Found | undefined },
  ): Promise<Found | undefined> {
    const { read, list } = this.#options;
    try {
      if (read === undefined) return list === undefined ? undefined : await this.#findListed(list, ref, signal);
      const isItem = read.in === undefined;
      const request = this.#requests.read(read, ref);
      const answer = await this.#client.send({
        ...request,
        signal,
        ...(isItem ? { ifNoneMatch: known?.item.etag } : {}),
      });
      if (answer.status === 304) return known;
      return isItem ? this.#found(ref, this.#itemOf(answer, read)) : this.#findIn(answer, read.in, ref);
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  /** All items of the list, of one namespace where it is of one. A list that is not there has none. */
  async list(
    namespace: string | undefined,
    { signal, known }: Call & { readonly known?: Listing | undefined },
  ): Promise<Listing> {
    const { list } = this.#options;
    if (list === undefined) return { found: [] };
    try {
      const found: Found[] = [];
      let first: HttpAnswer | undefined;
      let count = 0;
      for await (const answer of this.#pages(list, namespace, { signal, ifNoneMatch: known?.etag })) {
        if (answer.status === 304 && known !== undefined) return known;
        first ??= answer;
        count += 1;
        for (const json of this.#listIn(answer, list.in)) {
          const ref = this.#mapping.refOf(json, namespace);
          if (ref !== undefined) found.push(this.#listed(ref, json));
        }
      }
      const etag = count === 1 ? first?.etag : undefined;
      return { found, ...(etag === undefined ? {} : { etag }) };
    } catch (error) {
      if (error instanceof NotFoundError && this.#requests.listIsNamespaced) return { found: [] };
      throw error;
    }
  }

  /** Whether the items of the list say too little, so that each is to be read by itself. */
  get listIsBrief(): boolean {
    return this.#options.list?.brief === true || this.#mapping.revisionIsEtag;
  }

  async create(ref: ResourceRef, spec: JsonObject, call: Call): Promise<Found> {
    const request = this.#requests.create(ref, spec);
    if (request === undefined) throw this.#noWay(ref, 'create');
    const answer = await this.#client.send({ ...request, ...call });
    return this.#afterwards(ref, spec, answer, { ...call, at: this.#options.create?.at });
  }

  /** Lays fields onto the spec as a JSON merge patch does; sends nothing when nothing would change. */
  update(ref: ResourceRef, fields: JsonObject, guards: Guards, call: Call): Promise<Found> {
    return this.#turns.take(refKey(ref), call.signal, () => this.#update(ref, fields, guards, call));
  }

  delete(ref: ResourceRef, guards: Guards, call: Call): Promise<void> {
    return this.#turns.take(refKey(ref), call.signal, () => this.#delete(ref, guards, call));
  }

  async #update(ref: ResourceRef, fields: JsonObject, guards: Guards, call: Call): Promise<Found> {
    const found = await this.read(ref, call);
    if (found === undefined) throw new NotFoundError(`${formatRef(ref)} is not there`);
    checkGuards(found.resource, guards);
    const before = isObject(found.resource.spec) ? found.resource.spec : {};
    const after = mergePatch(before, fields);
    if (equalJson(before, after)) return found;
    const request = this.#requests.update(ref, found.item, { item: found.item.json, before, after });
    if (request === undefined) throw this.#noWay(ref, 'update');
    const answer = await this.#client.send({ ...request, ...call });
    return this.#afterwards(ref, after, answer, { ...call, at: this.#options.update?.at });
  }

  async #delete(ref: ResourceRef, guards: Guards, call: Call): Promise<void> {
    const found = await this.read(ref, call);
    if (found === undefined) return;
    checkGuards(found.resource, guards);
    const request = this.#requests.delete(ref, found.item);
    if (request === undefined) throw this.#noWay(ref, 'delete');
    try {
      await this.#client.send({ ...request, ...call });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }

  /** The item as the answer to a write gives it; read again where the answer does not say all that was sent. */
  async #afterwards(
    ref: ResourceRef,
    spec: JsonObject,
    answer: HttpAnswer,
    { at = this.#options.read?.at ?? '', signal }: Call & { readonly at?: string | null | undefined },
  ): Promise<Found> {
    const given = at === null ? undefined : this.#given(ref, valueAt(answer.json, at), answer.etag);
    const said = given?.resource.spec;
    if (
      given !== undefined &&
      Object.keys(spec).every((key) => spec[key] === null || (isObject(said) && hasKey(said, key)))
    ) {
      return given;
    }
    const found = await this.read(ref, { signal });
    if (found !== undefined) return found;
    throw new UnavailableError(`${formatRef(ref)} was written, and cannot be read yet`);
  }

  #given(ref: ResourceRef, json: Json | undefined, etag: string | undefined): Found | undefined {
    try {
      return isObject(json) ? this.#found(ref, etag === undefined ? { json } : { json, etag }) : undefined;
    } catch (error) {
      // The answer to a write may say anything; what reads give is what counts.
      if (error instanceof InvalidResourceError) return undefined;
      throw error;
    }
  }

  async #findListed(list: ListOptions, ref: ResourceRef, signal: AbortSignal | undefined): Promise<Found | undefined> {
    for await (const answer of this.#pages(list, ref.namespace, { signal })) {
      const found = this.#findIn(answer, list.in, ref);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async *#pages(
    list: ListOptions,
    namespace: string | undefined,
    { signal, ifNoneMatch }: Call & { readonly ifNoneMatch?: string | undefined },
  ): AsyncGenerator<HttpAnswer> {
    const first = this.#requests.list(list, namespace);
    const seen = new Set<string>();
    let url: URL | undefined = first.url;
    while (url !== undefined) {
      const condition = seen.size === 0 ? { ifNoneMatch } : {};
      seen.add(url.href);
      const answer: HttpAnswer = await this.#client.send({ ...first, url, signal, ...condition });
      yield answer;
      url = nextPage(list.pages, answer);
      if (url !== undefined && (seen.size >= MOST_PAGES || seen.has(url.href))) {
        throw new UnexpectedAnswerError(answer.asked, 'has no last page');
      }
    }
  }

  #findIn(answer: HttpAnswer, at: string | undefined, ref: ResourceRef): Found | undefined {
    const key = refKey(ref);
    for (const json of this.#listIn(answer, at)) {
      const candidate = this.#mapping.refOf(json, ref.namespace);
      if (candidate !== undefined && refKey(candidate) === key) return this.#found(ref, { json });
    }
    return undefined;
  }

  #listIn(answer: HttpAnswer, at = ''): readonly JsonObject[] {
    const list = valueAt(answer.json, at);
    if (isList(list)) return list.filter(isObject);
    throw new UnexpectedAnswerError(
      answer.asked,
      `gave an answer without a list ${at === '' ? 'as its whole' : `at "${at}"`}`,
    );
  }

  #itemOf(answer: HttpAnswer, { at = '' }: ReadOptions): Item {
    const json = valueAt(answer.json, at);
    if (isObject(json)) return answer.etag === undefined ? { json } : { json, etag: answer.etag };
    throw new UnexpectedAnswerError(
      answer.asked,
      `gave an answer without an item ${at === '' ? 'as its whole' : `at "${at}"`}`,
    );
  }

  /** An item of a brief list is known by its name only; what else it says is not looked at. */
  #listed(ref: ResourceRef, json: JsonObject): Found {
    if (!this.listIsBrief) return this.#found(ref, { json });
    const { apiVersion, kind, name, namespace } = ref;
    const metadata = namespace === undefined ? { name } : { name, namespace };
    return { item: { json }, resource: { apiVersion, kind, metadata } };
  }

  #found(ref: ResourceRef, item: Item): Found {
    return { item, resource: this.#mapping.toResource(ref, item) };
  }

  #noWay(ref: ResourceRef, verb: 'create' | 'update' | 'delete'): InvalidResourceError {
    return new InvalidResourceError(
      `${formatRef(ref)} cannot be ${verb}d: the plug-in's options have no \`${verb}\` for its kind`,
    );
  }
}

function checkGuards({ metadata }: Resource, { uid, revision }: Guards): void {
  if (uid !== undefined && uid !== metadata.uid) throw new ConflictError('the name belongs to another item now');
  if (revision !== undefined && revision !== metadata.resourceVersion) {
    throw new ConflictError('the item has changed since it was read');
  }
}
