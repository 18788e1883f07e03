import type { Json } from '../../../kernel/plugin.js';

/** The options of the plug-in: the REST APIs whose items are resources. */
export interface HttpOptions {
  readonly apis: readonly ApiOptions[];
}

/** One REST API: where it is, how we talk to it, and which kinds its items are. */
export interface ApiOptions {
  /** By which `apiConfig.store`, messages and records speak of it. */
  readonly name: string;
  /** URLs of requests are relative to it, whatever its path. */
  readonly baseUrl: string;
  /** Hosts that links and redirects may lead to, beside that of the base URL. */
  readonly hosts?: readonly string[];
  /** Addresses that may be connected to though they are not public. */
  readonly addresses?: readonly AddressClass[];
  readonly auth?: Auth;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, HeaderValue>>;
  readonly tls?: TlsOptions;
  readonly timeoutSeconds?: number;
  /** Until a call that found the API unavailable is tried again, where the API does not say itself. */
  readonly retrySeconds?: number;
  readonly maxResponseBytes?: number;
  /** To each host at the same time. */
  readonly connections?: number;
  readonly pollSeconds?: number;
  /** The longest wait between polls that fail. */
  readonly maxPollSeconds?: number;
  /** Where an answer that refuses says why: a property. */
  readonly errorMessage?: string;
  /** Constants for templates. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly kinds: readonly KindOptions[];
}

/** Addresses that are refused unless they are allowed. Link-local ones are always refused. */
export type AddressClass = 'private' | 'loopback';

/** A value that is never written into the configuration: it is looked up when it is needed. */
export type SecretSource = { readonly fromEnv: string } | { readonly fromFile: string };

/** Plain text, or a secret with what comes before it. */
export type HeaderValue = string | (SecretSource & { readonly prefix?: string });

/** Who we are to the API. */
export type Auth =
  | { readonly bearer: SecretSource }
  | { readonly basic: { readonly user: string | SecretSource; readonly password: SecretSource } };

/** Files are relative to the configuration. */
export interface TlsOptions {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
}

/** A kind of resource, and how its items are read, made, changed and deleted. */
export interface KindOptions {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural?: string;
  readonly item?: ItemOptions;
  /** How one item is read; absent: it is looked for in the list. */
  readonly read?: ReadOptions;
  readonly list?: ListOptions;
  readonly create?: WriteRequestOptions;
  readonly update?: UpdateOptions;
  readonly delete?: RequestOptions;
  readonly pollSeconds?: number;
}

/** A property of an item: a key, or a JSON Pointer within it. */
export type Property = string;

/** Which property each field is, by the field's key or JSON Pointer. */
export type FieldTable = Readonly<Record<string, Property>>;

/** How an item of the API is a resource. */
export interface ItemOptions {
  /** Needed where items are looked for in lists. Several make up a name such as `core/ada`; each is a variable of templates. */
  readonly name?: Property | Readonly<Record<string, Property>>;
  readonly namespace?: Property;
  readonly uid?: Property;
  readonly revision?: RevisionOptions;
  /** The whole item, a part of it, or single properties. */
  readonly spec?: Property | FieldTable;
  readonly status?: Property | FieldTable;
  /** Further variables for templates of updates and deletions, from the item as it is. */
  readonly variables?: Readonly<Record<string, Property>>;
}

/** What tells two states of an item apart: its ETag, one of its properties, or what is mapped of it. */
export type RevisionOptions = 'etag' | 'content' | { readonly property: Property };

/** A request. Text in braces stands for variables; in the URL as RFC 6570 says. */
export interface RequestOptions {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, HeaderValue>>;
  readonly body?: Json;
}

export interface ReadOptions extends RequestOptions {
  /** Where the item lies in the answer; the answer itself by default. */
  readonly at?: string;
  /** Where a list lies in which the item is to be found by its name. */
  readonly in?: string;
}

export interface ListOptions extends RequestOptions {
  /** Where the list of items lies in the answer; the answer itself by default. */
  readonly in?: string;
  readonly pages?: PageOptions;
  /** Whether the items of the list say less than those that are read one by one. */
  readonly brief?: boolean;
}

/** How the next page of a list is found. */
export type PageOptions =
  | { readonly type: 'link' }
  /** A property of the answer holds its URL. */
  | { readonly type: 'url'; readonly at: Property }
  /** A property of the answer holds what is to be sent as a parameter of the query. */
  | { readonly type: 'cursor'; readonly at: Property; readonly query: string };

export interface WriteRequestOptions extends RequestOptions {
  /** Which property of the body each field of the spec is, where the body differs from the item. */
  readonly spec?: Property | FieldTable;
  /** Where the item lies in the answer; null: the answer is none, and the item is read again. */
  readonly at?: string | null;
}

export interface UpdateOptions extends WriteRequestOptions {
  /**
   * What the body holds: what changes as a JSON merge patch, all of each field that changes, the whole spec, or the whole
   * item with the spec in it.
   */
  readonly sends?: 'changes' | 'fields' | 'spec' | 'item';
}

export const DEFAULTS = {
  timeoutSeconds: 30,
  maxResponseBytes: 10 * 1024 * 1024,
  connections: 8,
  pollSeconds: 30,
  maxPollSeconds: 600,
} as const;
