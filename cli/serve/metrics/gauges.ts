import { Gauge, type Registry } from 'prom-client';

/** One number that is read at the moment when somebody asks. */
export interface Reading<L extends string> {
  readonly labels: Readonly<Record<L, string>>;
  readonly value: number;
}

export interface ReadGaugeOptions<L extends string> {
  readonly registry: Registry;
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly L[];
  /** What there is now; what is not among it any more is not shown any more. */
  readonly read: () => Iterable<Reading<L>>;
}

/** Registers a gauge that is read when somebody asks, and costs nothing before. */
export function readGauge<L extends string>({ registry, read, labelNames, ...named }: ReadGaugeOptions<L>): void {
  const gauge = new Gauge<L>({
    ...named,
    labelNames: [...labelNames],
    registers: [registry],
    collect: () => {
      gauge.reset();
      for (const { labels, value } of read()) gauge.set({ ...labels } as Record<L, string>, value);
    },
  });
}

/** Readings from a count of things by their labels. */
export class Tally<L extends string> {
  readonly #readings = new Map<string, { labels: Readonly<Record<L, string>>; value: number }>();

  add(labels: Readonly<Record<L, string>>): void {
    const key = JSON.stringify(labels);
    const known = this.#readings.get(key);
    if (known === undefined) this.#readings.set(key, { labels, value: 1 });
    else known.value += 1;
  }

  readings(): Iterable<Reading<L>> {
    return this.#readings.values();
  }
}
