import type { Auth, HeaderValue } from '../options/options.js';
import type { Secrets } from './secrets.js';

/** The headers of requests, with secrets that are looked up each time. */
export class RequestHeaders {
  readonly #secrets: Secrets;
  readonly #headers: readonly (readonly [string, HeaderValue])[];
  readonly #auth: Auth | undefined;

  constructor(secrets: Secrets, headers: Readonly<Record<string, HeaderValue>> = {}, auth?: Auth) {
    this.#secrets = secrets;
    this.#headers = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    this.#auth = auth;
  }

  /** The headers by their names in lower case. @throws UnavailableError for a secret that cannot be had */
  async forRequest({ withSecrets }: { readonly withSecrets: boolean }): Promise<Readonly<Record<string, string>>> {
    const sent: Record<string, string> = {};
    for (const [name, value] of this.#headers) {
      if (typeof value === 'string' || withSecrets) sent[name] = await this.#secrets.header(name, value);
    }
    const authorization = withSecrets ? await this.#secrets.authorization(this.#auth) : undefined;
    return authorization === undefined ? sent : { ...sent, authorization };
  }
}
