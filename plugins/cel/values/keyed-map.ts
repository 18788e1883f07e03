import { numberOf } from '../../../kernel/plugin.js';
import { Special } from './special.js';
import { Uint } from './uint.js';
import type { Value } from './value.js';

/** A mapping with keys that are not all strings. Numbers that are equal are one key, whatever their types. */
export class KeyedMap extends Special {
  readonly #entries: ReadonlyMap<string, readonly [Value, Value]>;

  /** @param entries each key and value, by the key's identity (see {@link keyIdentity}) */
  constructor(entries: ReadonlyMap<string, readonly [Value, Value]>) {
    super();
    this.#entries = entries;
  }

  get size(): number {
    return this.#entries.size;
  }

  get typeName(): string {
    return 'map';
  }

  get(key: Value): Value | undefined {
    const identity = keyIdentity(key);
    return identity === undefined ? undefined : this.#entries.get(identity)?.[1];
  }

  entries(): Iterable<readonly [Value, Value]> {
    return this.#entries.values();
  }
}

/** A text that is the same for keys that are equal; undefined for values that cannot be keys. */
export function keyIdentity(key: Value): string | undefined {
  if (typeof key === 'string') return `string ${key}`;
  if (typeof key === 'boolean') return `bool ${key}`;
  if (key instanceof Uint) return `number ${key.value}`;
  const number = key instanceof Special ? undefined : numberOf(key as never);
  if (typeof number === 'bigint') return `number ${number}`;
  return Number.isInteger(number) ? `number ${BigInt(number ?? 0)}` : undefined;
}
