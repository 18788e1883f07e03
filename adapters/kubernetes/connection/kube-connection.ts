import type { RequestOptions } from 'node:https';
import type { Clock } from '../../../kernel/plugin.js';
import { Agents, type ProxyAgent, type TlsOptions } from './agents.js';
import { type Connection, type Credentials, CredentialsError } from './connection.js';
import type { ConnectionOptions } from './connection-options.js';
import { impersonationHeaders } from './impersonation.js';
import { type ExecPlugin, type LoadedConfig, loadKubeConfig } from './kube-config.js';

/** How long credentials are used without asking again; a plug-in for authentication may be slow to run. */
const FRESH_MS = { files: 10_000, exec: 60_000 } as const;
/** Refused credentials are not made anew more often than that. */
const RENEW_MS = 1_000;

/** While a server cannot be reached, its kubeconfig is read no more often than that. */
const REREAD_MS = 10_000;

interface Held {
  readonly credentials: Credentials;
  readonly until: number;
}

/** A connection that a kubeconfig, or the pod's service account, describes. Reads nothing before it is used. */
export class KubeConnection implements Connection {
  readonly #options: ConnectionOptions;
  readonly #clock: Clock;
  readonly #agents = new Agents();
  #server: string;
  #config: Promise<LoadedConfig> | undefined;
  #held: Held | undefined;
  #making: Promise<Held> | undefined;
  /** When the kubeconfig was read last. */
  #read = 0;
  #renewed = Number.NEGATIVE_INFINITY;

  constructor(options: ConnectionOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#server = options.context === undefined ? 'the API server' : `the API server of context '${options.context}'`;
  }

  get server(): string {
    return this.#server;
  }

  async credentials(): Promise<Credentials> {
    if (this.#held !== undefined && this.#clock.monotonic() < this.#held.until) return this.#held.credentials;
    this.#making ??= this.#make().finally(() => {
      this.#making = undefined;
    });
    this.#held = await this.#making;
    return this.#held.credentials;
  }

  async renew(refused: Credentials): Promise<Credentials | undefined> {
    const now = this.#clock.monotonic();
    if (this.#held?.credentials === refused) {
      if (now - this.#renewed < RENEW_MS) return undefined;
      this.#renewed = now;
      this.#held = undefined;
      // Files, and what the library remembers of them, are read anew with it.
      this.#config = undefined;
    }
    const credentials = await this.credentials();
    return credentials === refused ? undefined : credentials;
  }

  unreachable(): void {
    const now = this.#clock.monotonic();
    if (now - this.#read < REREAD_MS) return;
    this.#held = undefined;
    this.#config = undefined;
  }

  close(): void {
    this.#agents.close();
  }

  async #make(): Promise<Held> {
    if (this.#config === undefined) this.#read = this.#clock.monotonic();
    this.#config ??= loadKubeConfig(this.#options);
    let loaded: LoadedConfig;
    try {
      loaded = await this.#config;
    } catch (error) {
      this.#config = undefined;
      throw error;
    }
    const { server, exec, namespace } = loaded;
    this.#server = server.origin;
    const options = await authenticate(loaded);
    const headers = {
      ...textHeaders(options),
      ...basic(options),
      ...impersonationHeaders(this.#options.impersonate ?? loaded.impersonate),
    };
    const { ca, cert, key, servername, rejectUnauthorized } = options;
    const given = Object.entries({ ca, cert, key, servername, rejectUnauthorized }).filter(
      ([, value]) => value !== undefined,
    );
    const agent = this.#agents.agentFor(server, Object.fromEntries(given) as TlsOptions, proxyOf(loaded, options));
    const fresh = exec === undefined ? FRESH_MS.files : FRESH_MS.exec;
    return {
      credentials: { server, headers, agent, ...(namespace !== undefined && { namespace }) },
      until: this.#clock.monotonic() + fresh,
    };
  }
}

async function authenticate({ config, server, exec }: LoadedConfig): Promise<RequestOptions> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw new CredentialsError(`no credentials for ${server.origin}: ${whyNot(error, exec)}`);
  }
  return options;
}

/** What went wrong, without what a plug-in printed: that may hold a token. */
function whyNot(error: unknown, exec: ExecPlugin | undefined): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const path = error instanceof Error && 'path' in error ? ` ${String(error.path)}` : '';
  if (exec === undefined) return code === undefined ? firstLine(error) : `${code}${path}`;
  if (code === 'ENOENT') return `the command '${exec.command}' of the kubeconfig's user is not installed`;
  if (error instanceof SyntaxError) return `the command '${exec.command}' printed no ExecCredential`;
  return `the command '${exec.command}' failed: ${firstLine(error)}`;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.trim().split('\n')[0] ?? '').slice(0, 200);
}

function textHeaders({ headers }: RequestOptions): Readonly<Record<string, string>> {
  const entries = Object.entries(headers ?? {}).filter(([, value]) => value !== undefined);
  // Tokens out of files end in a line break.
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value).trim()]));
}

function basic({ auth }: RequestOptions): Readonly<Record<string, string>> {
  return typeof auth === 'string' ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {};
}

/** The library makes an agent for each request; only those that go through a proxy are of use. */
function proxyOf({ proxyUrl }: LoadedConfig, { agent }: RequestOptions): ProxyAgent | undefined {
  return proxyUrl !== undefined && typeof agent === 'object' ? { url: proxyUrl, agent } : undefined;
}
