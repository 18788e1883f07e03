import { Agent as PlainAgent } from 'node:http';
import { type AgentOptions, Agent as SecureAgent } from 'node:https';

/** Idle connections are closed after so many milliseconds, before a server or a balancer between would. */
const IDLE_MS = 45_000;

/** What TLS needs of who we are, and of whom we trust. */
export type TlsOptions = Pick<
  AgentOptions,
  'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'servername' | 'rejectUnauthorized'
>;

/** An agent that goes through a proxy. */
export interface ProxyAgent {
  readonly url: string;
  readonly agent: PlainAgent;
}

/** Keeps connections for as long as who we are does not change. */
export class Agents {
  readonly #retired = new Set<PlainAgent>();
  #current: { readonly key: string; readonly agent: PlainAgent } | undefined;

  /** The agent for these options; the one before, when they are the same. */
  agentFor(server: URL, tls: TlsOptions, proxy?: ProxyAgent): PlainAgent {
    const key = JSON.stringify([server.origin, tls, proxy?.url]);
    if (this.#current?.key === key) return this.#current.agent;
    this.#retire();
    const agent = proxy?.agent ?? newAgent(server, tls);
    this.#current = { key, agent };
    return agent;
  }

  close(): void {
    this.#retire();
    for (const agent of this.#retired) agent.destroy();
    this.#retired.clear();
  }

  /** Requests that are under way go on; connections that are idle end. */
  #retire(): void {
    if (this.#current === undefined) return;
    const { agent } = this.#current;
    for (const socket of Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])) socket.destroy();
    this.#retired.add(agent);
    this.#current = undefined;
  }
}

function newAgent({ protocol }: URL, tls: TlsOptions): PlainAgent {
  const options = { keepAlive: true, timeout: IDLE_MS, scheduling: 'lifo' } as const;
  return protocol === 'http:' ? new PlainAgent(options) : new SecureAgent({ ...options, ...tls });
}
