import type { Agent } from 'node:http';
import { UnavailableError } from '../../../kernel/plugin.js';

/** What a request needs to reach the server as who we are. */
export interface Credentials {
  /** May have a path of its own. */
  readonly server: URL;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Holds the connections, and what TLS needs to make new ones. */
  readonly agent: Agent;
  /** The namespace of the context, where it names one. */
  readonly namespace?: string;
}

/** A way to one API server. */
export interface Connection {
  /** For messages: `https://host:port`, or what the configuration calls it while nothing is read. */
  readonly server: string;
  /** @throws CredentialsError when they cannot be had, now */
  credentials(): Promise<Credentials>;
  /** New ones in place of those that the server has refused; undefined when there can be none that are newer. */
  renew(refused: Credentials): Promise<Credentials | undefined>;
  /** No connection came about: the server may have moved, so that what says where it is is to be read anew before long. */
  unreachable(): void;
  /** Closes every connection that is open. Idempotent. */
  close(): void;
}

/** A kubeconfig, a context, a token or a plug-in for authentication is not as it should be, now. */
export class CredentialsError extends UnavailableError {}
