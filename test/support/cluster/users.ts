import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

/** Somebody whom an API server knows by a static token. */
export interface ClusterUser {
  readonly name: string;
  /** `system:masters` may do everything. */
  readonly groups?: readonly string[];
}

/** Everybody whom an API server knows, with their tokens; kept in the file that it reads when it starts. */
export class ClusterUsers {
  readonly #users: readonly ClusterUser[];
  readonly #file: string;
  readonly #tokens = new Map<string, string>();

  constructor(users: readonly ClusterUser[], file: string) {
    this.#users = users;
    this.#file = file;
    for (const { name } of users) this.renew(name);
  }

  get names(): readonly string[] {
    return this.#users.map(({ name }) => name);
  }

  /** @throws Error when nobody of that name is known */
  token(name: string): string {
    const token = this.#tokens.get(name);
    if (token === undefined) throw new Error(`the cluster has no user ${name}`);
    return token;
  }

  /** Gives a user another token. The old one holds until the server starts again. */
  renew(name: string): string {
    const token = randomBytes(16).toString('hex');
    this.#tokens.set(name, token);
    const lines = this.#users
      .filter((user) => this.#tokens.has(user.name))
      .map((user) => `${this.token(user.name)},${user.name},${user.name},"${(user.groups ?? []).join(',')}"\n`);
    writeFileSync(this.#file, lines.join(''), { mode: 0o600 });
    return token;
  }
}
