import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UnavailableError } from '../../../kernel/plugin.js';
import type { Auth, HeaderValue, SecretSource } from '../options/options.js';
import type { Redactor } from './redactor.js';

/** What secrets are looked up with. */
export interface SecretPlaces {
  /** Files are relative to it. */
  readonly baseDirectory: string;
  environment(variable: string): string | undefined;
  /** Told of every secret, before anybody can repeat it. */
  readonly redactor: Redactor;
}

const LARGEST = 64 * 1024;
/** What a header's value may hold; a line break would begin another header. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Looks secrets up whenever they are needed, so that one that was replaced counts from the next request on. */
export class Secrets {
  readonly #places: SecretPlaces;

  constructor(places: SecretPlaces) {
    this.#places = places;
  }

  /** @throws UnavailableError that says where it should be */
  async value(source: SecretSource): Promise<string> {
    const value = 'fromEnv' in source ? this.#fromEnvironment(source.fromEnv) : await this.#fromFile(source.fromFile);
    this.#places.redactor.cover(value);
    return value;
  }

  /** The header that says who we are; undefined for nobody. @throws UnavailableError */
  async authorization(auth: Auth | undefined): Promise<string | undefined> {
    if (auth === undefined) return undefined;
    if ('bearer' in auth) return checked('Authorization', `Bearer ${await this.value(auth.bearer)}`);
    const { user, password } = auth.basic;
    const name = typeof user === 'string' ? user : await this.value(user);
    const credentials = Buffer.from(`${name}:${await this.value(password)}`).toString('base64');
    this.#places.redactor.cover(credentials);
    return `Basic ${credentials}`;
  }

  /** The text of a header. @throws UnavailableError */
  async header(name: string, header: HeaderValue): Promise<string> {
    if (typeof header === 'string') return checked(name, header);
    return checked(name, `${header.prefix ?? ''}${await this.value(header)}`);
  }

  #fromEnvironment(name: string): string {
    const value = this.#places.environment(name);
    if (value !== undefined && value !== '') return value;
    throw new UnavailableError(`the environment variable ${name}, which is to hold a secret, is not set`);
  }

  async #fromFile(file: string): Promise<string> {
    let text: string;
    try {
      text = await readFile(resolve(this.#places.baseDirectory, file), 'utf8');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
      throw new UnavailableError(`the file ${file}, which is to hold a secret, cannot be read${code}`);
    }
    const value = text.replace(/\r?\n$/, '');
    if (value !== '' && value.length <= LARGEST) return value;
    throw new UnavailableError(
      `the file ${file}, which is to hold a secret, is ${value === '' ? 'empty' : 'too large'}`,
    );
  }
}

/** A value as it may be sent. @throws UnavailableError; the message does not hold it */
function checked(name: string, value: string): string {
  if (VALUE.test(value)) return value;
  throw new UnavailableError(
    `the value of the header ${name} has a line break, or other characters that none may have`,
  );
}
