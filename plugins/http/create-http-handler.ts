import { type Clock, guessPlural } from '../../kernel/plugin.js';
import { KindApi } from './api/kind-api.js';
import { KindRequests } from './api/kind-requests.js';
import { HttpHandler } from './http-handler.js';
import { ItemMapping } from './mapping/item-mapping.js';
import { variablesIn } from './mapping/url-template.js';
import { type ApiOptions, DEFAULTS, type KindOptions } from './options/options.js';
import type { ServedKind } from './served-kind.js';
import { KindSurvey } from './watch/kind-survey.js';
import { KnownRefs } from './watch/known-refs.js';
import { AddressGuard, type Resolve } from './wire/address-guard.js';
import { AllowedHosts } from './wire/allowed-hosts.js';
import { GuardedConnections } from './wire/guarded-connections.js';
import { HttpClient } from './wire/http-client.js';
import { Redactor } from './wire/redactor.js';
import { RequestHeaders } from './wire/request-headers.js';
import { Secrets } from './wire/secrets.js';

/** What a handler is made with. */
export interface HttpHandlerContext {
  readonly clock: Clock;
  /** Files of the options are relative to it. */
  readonly baseDirectory: string;
  /** The value of an environment variable, for `fromEnv`. */
  environment(variable: string): string | undefined;
  /** Told when a kind cannot be looked at for changes, once until it can be again. */
  readonly incident?: (error: unknown) => void;
  /** How names of hosts are looked up; as the system does when absent. */
  readonly resolve?: Resolve;
}

/** The handler of one API. Its options are those that the schema and `checkHttpOptions` have accepted. Does no I/O. */
export function createHttpHandler(options: ApiOptions, context: HttpHandlerContext): HttpHandler {
  const { clock, baseDirectory, environment, resolve } = context;
  const base = new URL(options.baseUrl);
  const redactor = new Redactor();
  const secrets = new Secrets({ baseDirectory, environment, redactor });
  const guard = new AddressGuard(options.addresses ?? [], resolve);
  const { tls = {}, connections = DEFAULTS.connections } = options;
  const client = new HttpClient({
    clock,
    connections: new GuardedConnections({ guard, tls, connections, baseDirectory }),
    hosts: new AllowedHosts(base, options.hosts ?? []),
    headers: new RequestHeaders(secrets, options.headers, options.auth),
    limits: {
      maxBytes: options.maxResponseBytes ?? DEFAULTS.maxResponseBytes,
      errorMessage: options.errorMessage,
      redactor,
    },
    timeoutSeconds: options.timeoutSeconds ?? DEFAULTS.timeoutSeconds,
    retrySeconds: options.retrySeconds,
  });
  const kinds = options.kinds.map((kind) => servedKind(kind, options, { base, secrets, client }));
  return new HttpHandler({ name: options.name, clock, kinds, incident: context.incident, close: () => client.close() });
}

interface Shared {
  readonly base: URL;
  readonly secrets: Secrets;
  readonly client: HttpClient;
}

function servedKind(options: KindOptions, api: ApiOptions, { base, secrets, client }: Shared): ServedKind {
  const { apiVersion, kind, plural = guessPlural(options.kind), list } = options;
  const mapping = new ItemMapping(api.name, options, options.item ?? {});
  const requests = new KindRequests(options, { base, secrets, mapping, variables: api.variables ?? {} });
  const kindApi = new KindApi(options, mapping, requests, client);
  const known = new KnownRefs();
  const plan = { hasList: list !== undefined, byNamespace: requests.listIsNamespaced };
  const seconds = options.pollSeconds ?? api.pollSeconds ?? DEFAULTS.pollSeconds;
  return {
    info: { apiVersion, kind, plural, namespaced: isNamespaced(options), keepsAnnotations: false },
    api: kindApi,
    known,
    survey: () => new KindSurvey(kindApi, known, plan),
    everyMs: seconds * 1000,
    longestMs: (api.maxPollSeconds ?? DEFAULTS.maxPollSeconds) * 1000,
  };
}

/** Whether its items lie in namespaces: their URLs name one, or they say it themselves. */
export function isNamespaced({ item, read, list }: KindOptions): boolean {
  const templates = [read?.url ?? '', list?.url ?? ''];
  return item?.namespace !== undefined || templates.some((url) => variablesIn(url).includes('namespace'));
}
