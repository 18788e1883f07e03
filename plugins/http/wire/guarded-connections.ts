import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Agent, type Dispatcher } from 'undici';
import { UnavailableError } from '../../../kernel/plugin.js';
import type { TlsOptions } from '../options/options.js';
import type { AddressGuard } from './address-guard.js';
import type { Connections } from './http-client.js';

/** What {@link GuardedConnections} are made with. */
export interface ConnectionSettings {
  readonly guard: AddressGuard;
  readonly tls: TlsOptions;
  /** To each host at the same time. */
  readonly connections: number;
  readonly baseDirectory: string;
}

/** Connections that are kept, each opened to an address that the guard has seen. Nothing is read before the first request. */
export class GuardedConnections implements Connections {
  readonly #settings: ConnectionSettings;
  #agent: Promise<Agent> | undefined;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
  }

  checkHost(host: string): void {
    this.#settings.guard.checkHost(host);
  }

  dispatcher(): Promise<Dispatcher> {
    this.#agent ??= this.#open().catch((error: unknown) => {
      // The file may be there the next time.
      this.#agent = undefined;
      throw error;
    });
    return this.#agent;
  }

  async close(): Promise<void> {
    const agent = await this.#agent?.catch(() => undefined);
    await agent?.destroy();
  }

  async #open(): Promise<Agent> {
    const { guard, tls, connections } = this.#settings;
    const [ca, cert, key] = await Promise.all([tls.caFile, tls.certFile, tls.keyFile].map((file) => this.#read(file)));
    return new Agent({
      connections,
      pipelining: 1,
      connect: {
        lookup: guard.lookup,
        // The time limit of the request is there for that.
        timeout: 0,
        ...(ca === undefined ? {} : { ca }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
        ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
      },
    });
  }

  async #read(file: string | undefined): Promise<Buffer | undefined> {
    if (file === undefined) return undefined;
    try {
      return await readFile(resolve(this.#settings.baseDirectory, file));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
      throw new UnavailableError(`${file}, which \`tls\` names, cannot be read${code}`);
    }
  }
}
