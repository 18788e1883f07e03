import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { JsonObject, Problem, Resource, ResourceRef, StoreHealth } from 'koreo-kernel';
import {
  type CollectionOptions,
  createJsonStore,
  type JsonFileStoreOptions,
  type JsonStore,
} from 'koreo-kernel/adapters/json';
import { firstValueFrom } from 'rxjs';
import { tempFolder } from '../../support/temp-folder.js';

export const ORDER = { apiVersion: 'shop.example/v1', kind: 'Order' };
export const ORDERS: CollectionOptions = { at: '/orders', ...ORDER, name: 'id' };

/** A folder with a document, and stores on it that are closed after the test. */
export class Shop {
  readonly folder: string;
  readonly #t: ExecutionContext;

  /** @param text of `shop.json`; no file without it */
  constructor(t: ExecutionContext, text?: string) {
    this.#t = t;
    this.folder = tempFolder(t, text === undefined ? {} : { 'shop.json': text });
  }

  open(options: Partial<JsonFileStoreOptions> = {}): JsonStore {
    const store = createJsonStore({ baseDirectory: this.folder, file: 'shop.json', collections: [ORDERS], ...options });
    this.#t.teardown(() => store.close());
    return store;
  }

  get path(): string {
    return join(this.folder, 'shop.json');
  }

  get text(): string {
    return readFileSync(this.path, 'utf8');
  }

  /** Writes the document in one go, as a plain program would. */
  set text(text: string) {
    writeFileSync(this.path, text);
  }

  get sidePath(): string {
    return join(this.folder, '.koreo/shop.status.json');
  }

  /** What the side file holds; undefined when there is none. */
  get side(): unknown {
    return existsSync(this.sidePath) ? JSON.parse(readFileSync(this.sidePath, 'utf8')) : undefined;
  }

  /** Every file, relative. */
  get files(): readonly string[] {
    const entries = readdirSync(this.folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(this.folder.length + 1))
      .toSorted();
  }
}

export function order(name: string, spec: JsonObject = {}): Resource {
  return { ...ORDER, metadata: { name }, spec };
}

export function orderRef(name: string): ResourceRef {
  return { ...ORDER, name };
}

export function healthOf(store: JsonStore): Promise<StoreHealth> {
  return firstValueFrom(store.health);
}

/** Each problem as its place and message. */
export function told(problems: readonly Problem[]): readonly string[] {
  return problems.map(
    ({ code, location, message }) => `${code} ${location?.file}:${location?.line}:${location?.column} ${message}`,
  );
}
