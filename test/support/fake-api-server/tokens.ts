import { randomUUID } from 'node:crypto';
import { ApiError } from './api-error.js';

/** The bearer tokens that a server accepts; one that has never issued any lets everybody in. */
export class Tokens {
  readonly #users = new Map<string, string>();
  #asked = false;

  /** Makes a token for a user; from now on requests need one. */
  issue(user: string): string {
    const token = `${user}-${randomUUID()}`;
    this.#asked = true;
    this.#users.set(token, user);
    return token;
  }

  /** Accepts a token no more; without one, none of those that there are. */
  expire(token?: string): void {
    if (token === undefined) this.#users.clear();
    else this.#users.delete(token);
  }

  /** The user behind a request's `Authorization`. @throws ApiError 401 */
  user(authorization: string | undefined): string | undefined {
    if (!this.#asked) return undefined;
    const user = this.#users.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
    if (user === undefined) throw new ApiError(401, 'Unauthorized');
    return user;
  }
}
