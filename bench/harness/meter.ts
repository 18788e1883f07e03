import { Bench, type FnReturnedObject } from 'tinybench';
import { cpuMilliseconds } from './cpu-clock.js';
import type { Effort } from './effort.js';
import { type Figure, type FigureSubject, figureOf } from './figure.js';
import { Sampler } from './sample.js';
import type { Work } from './work.js';

/** Measures, with the effort that was asked for, and tells of each figure as it comes. */
export class Meter {
  constructor(
    readonly effort: Effort,
    private readonly tell: (figure: Figure) => void = () => undefined,
  ) {}

  /**
   * The rate of a work, after its result was checked and it was warmed up.
   * @throws whatever the work or its check throws
   */
  async rate(work: Work): Promise<Figure> {
    const subject: FigureSubject = { work: work.work, by: work.by, unit: '/ CPU s' };
    await checked(work);
    const sampler = new Sampler(work);
    await sampler.take(this.effort.warmUpMs);
    const bench = new Bench({
      iterations: this.effort.samples,
      time: 0,
      warmup: false,
      now: cpuMilliseconds,
      throws: true,
      retainSamples: true,
    });
    // Each iteration is a whole sample; the runner keeps the statistics of the mean run of each.
    bench.add(work.work, async (): Promise<FnReturnedObject> => {
      const { runs, ms } = await sampler.take(this.effort.sampleMs);
      return { overriddenDuration: ms / runs, overriddenIterationCost: ms };
    });
    const [task] = await bench.run();
    const result = task?.result;
    if (result?.state !== 'completed') throw new Error(`${work.work}: the measurement is ${result?.state}`);
    const { max, min, p50, samplesCount } = result.latency;
    const perSecond = (ms: number): number => 1000 / ms;
    return this.#told({
      ...subject,
      median: perSecond(p50),
      least: perSecond(max),
      most: perSecond(min),
      samples: samplesCount,
    });
  }

  /** The rates of several works, one after another. */
  async rates(works: readonly Work[]): Promise<readonly Figure[]> {
    const figures: Figure[] = [];
    for (const work of works) figures.push(await this.rate(work));
    return figures;
  }

  /** A figure of something that measures itself, such as a child process; asked once for each sample. */
  async sampled(subject: FigureSubject, measure: () => Promise<number>): Promise<Figure> {
    const samples: number[] = [];
    for (let count = 0; count < this.effort.samples; count += 1) samples.push(await measure());
    return this.figure(subject, samples);
  }

  /** A figure whose samples are there already. */
  figure(subject: FigureSubject, samples: readonly number[]): Figure {
    return this.#told(figureOf(subject, samples));
  }

  #told(figure: Figure): Figure {
    this.tell(figure);
    return figure;
  }
}

async function checked({ arrange, by, check, run, work }: Work): Promise<void> {
  try {
    check(await run(arrange?.()));
  } catch (error) {
    throw new Error(`${work} by ${by} does not do its work`, { cause: error });
  }
}
