import { createRequire } from 'node:module';
import type { CelEnv, CelInput, CelResult } from '@bufbuild/cel';
import { Bytes } from '../values/bytes.js';
import { entriesOf, isMapping } from '../values/mapping.js';
import { doubleOf, isInt } from '../values/number.js';
import { isList, itemAt, lengthOf } from '../values/sequence.js';
import { Duration, Timestamp } from '../values/time.js';
import { TypeValue } from '../values/type-value.js';
import { Uint } from '../values/uint.js';
import type { Value } from '../values/value.js';

const SECOND = 1_000_000_000n;
const require = createRequire(import.meta.url);

type Cel = typeof import('@bufbuild/cel');
type CelExtensions = typeof import('@bufbuild/cel/ext');

/**
 * What the CEL library does for this engine, by small programs of its own over the variables `a` and `b`. It is loaded
 * when it is first needed: most expressions need none of it, and a command that evaluates one would wait for it longest.
 */
export class CelLibrary {
  #loaded: { readonly cel: Cel; readonly env: CelEnv } | undefined;
  readonly #programs = new Map<string, (bindings: Record<string, CelInput>) => CelResult>();

  /** The nanoseconds since 1970 of an RFC 3339 text; undefined when it is none. */
  timestampOf(text: string): bigint | undefined {
    return nanosecondsOf(this.#run('timestamp(a)', { a: text }));
  }

  /** The nanoseconds of a duration such as `1h30m`; undefined when the text is none. */
  durationOf(text: string): bigint | undefined {
    return nanosecondsOf(this.#run('duration(a)', { a: text }));
  }

  /** The text in double quotes, with escapes. */
  quote(text: string): string {
    const quoted = this.#run('strings.quote(a)', { a: text });
    return typeof quoted === 'string' ? quoted : '';
  }

  /** The format text with its clauses filled in; undefined when clauses and values do not fit. */
  format(text: string, values: Value): string | undefined {
    const formatted = this.#run('a.format(b)', { a: text, b: this.#input(values) });
    return typeof formatted === 'string' ? formatted : undefined;
  }

  #run(source: string, bindings: Record<string, CelInput>): CelInput | undefined {
    let program = this.#programs.get(source);
    const { cel, env } = this.#load();
    if (program === undefined) {
      program = cel.plan(env, cel.parse(source));
      this.#programs.set(source, program);
    }
    const result = program(bindings);
    return cel.isCelError(result) ? undefined : result;
  }

  #load(): { readonly cel: Cel; readonly env: CelEnv } {
    if (this.#loaded === undefined) {
      const cel: Cel = require('@bufbuild/cel');
      const { strings }: CelExtensions = require('@bufbuild/cel/ext');
      this.#loaded = { cel, env: cel.celEnv({ funcs: strings }) };
    }
    return this.#loaded;
  }

  /** A value as the library knows it. */
  #input(value: Value): CelInput {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (isInt(value)) return BigInt(value);
    const double = doubleOf(value);
    if (double !== undefined) return double;
    if (value instanceof Uint) return this.#load().cel.celUint(value.value);
    if (value instanceof Bytes) return value.bytes;
    if (isList(value))
      return Array.from({ length: lengthOf(value) }, (_, index) => this.#input(itemAt(value, index) ?? null));
    if (isMapping(value)) return this.#mapInput(value);
    return this.#namedInput(value);
  }

  #mapInput(mapping: Parameters<typeof entriesOf>[0]): CelInput {
    const entries = new Map<string | bigint | boolean, CelInput>();
    for (const [key, value] of entriesOf(mapping)) {
      const input =
        typeof key === 'string' || typeof key === 'boolean'
          ? key
          : BigInt(key instanceof Uint ? key.value : String(key));
      entries.set(input, this.#input(value));
    }
    return entries;
  }

  #namedInput(value: Value): CelInput {
    if (value instanceof Timestamp) return this.#run('timestamp(a)', { a: value.toText() }) ?? null;
    if (value instanceof Duration) return this.#run('duration(a)', { a: value.toText() }) ?? null;
    return value instanceof TypeValue ? (this.#run(value.name, {}) ?? null) : null;
  }
}

function nanosecondsOf(result: CelInput | undefined): bigint | undefined {
  if (typeof result !== 'object' || result === null || !('message' in result)) return undefined;
  const { seconds, nanos } = result.message as { readonly seconds?: unknown; readonly nanos?: unknown };
  return typeof seconds === 'bigint' && typeof nanos === 'number' ? seconds * SECOND + BigInt(nanos) : undefined;
}
