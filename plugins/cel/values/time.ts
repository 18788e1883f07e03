import { Special } from './special.js';

const SECOND = 1_000_000_000n;
/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z. */
const FIRST = -62_135_596_800n * SECOND;
const LAST = 253_402_300_800n * SECOND - 1n;

/** A moment, in nanoseconds since 1970 in UTC; from the year 1 to the year 9999. */
export class Timestamp extends Special {
  readonly #nanoseconds: bigint;

  private constructor(nanoseconds: bigint) {
    super();
    this.#nanoseconds = nanoseconds;
  }

  /** Undefined beyond the range. */
  static of(nanoseconds: bigint): Timestamp | undefined {
    return nanoseconds < FIRST || nanoseconds > LAST ? undefined : new Timestamp(nanoseconds);
  }

  get nanoseconds(): bigint {
    return this.#nanoseconds;
  }

  get typeName(): string {
    return 'google.protobuf.Timestamp';
  }

  /** RFC 3339 in UTC, with as many groups of three decimals as it takes: `2024-02-29T12:00:00.500Z`. */
  toText(): string {
    const fraction = modulo(this.#nanoseconds, SECOND);
    const date = new Date(Number((this.#nanoseconds - fraction) / 1_000_000n));
    return `${date.toISOString().slice(0, 19)}${decimals(fraction)}Z`;
  }
}

/** A span of time in nanoseconds, within 64 bits. */
export class Duration extends Special {
  readonly #nanoseconds: bigint;

  private constructor(nanoseconds: bigint) {
    super();
    this.#nanoseconds = nanoseconds;
  }

  /** Undefined beyond the range. */
  static of(nanoseconds: bigint): Duration | undefined {
    return BigInt.asIntN(64, nanoseconds) === nanoseconds ? new Duration(nanoseconds) : undefined;
  }

  get nanoseconds(): bigint {
    return this.#nanoseconds;
  }

  get typeName(): string {
    return 'google.protobuf.Duration';
  }

  /** Seconds with as many groups of three decimals as it takes: `90s`, `-0.500s`. */
  toText(): string {
    const length = this.#nanoseconds < 0n ? -this.#nanoseconds : this.#nanoseconds;
    return `${this.#nanoseconds < 0n ? '-' : ''}${length / SECOND}${decimals(length % SECOND)}s`;
  }
}

/** The remainder that has the sign of the divisor. */
export function modulo(value: bigint, divisor: bigint): bigint {
  return ((value % divisor) + divisor) % divisor;
}

function decimals(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '';
  return `.${nanoseconds
    .toString()
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')}`;
}
