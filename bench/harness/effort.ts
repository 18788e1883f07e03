/** How much is put into a measurement. */
export interface Effort {
  readonly name: 'full' | 'quick' | 'smoke';
  readonly samples: number;
  /** The CPU time of one sample, at least. */
  readonly sampleMs: number;
  readonly warmUpMs: number;
}

/** By name: what results are made with, what one looks at while working, and once each, to see that it works. */
export const EFFORTS: Readonly<Record<Effort['name'], Effort>> = {
  full: { name: 'full', samples: 7, sampleMs: 500, warmUpMs: 1000 },
  quick: { name: 'quick', samples: 5, sampleMs: 80, warmUpMs: 200 },
  smoke: { name: 'smoke', samples: 1, sampleMs: 0, warmUpMs: 0 },
};
