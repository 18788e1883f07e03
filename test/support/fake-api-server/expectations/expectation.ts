import type { ExecutionContext } from 'ava';
import type { ApiProbe } from '../api-probe.js';
import type { Samples } from './samples.js';

/** One thing that every API server does, told in a sentence. */
export interface Expectation {
  readonly title: string;
  run(t: ExecutionContext, probe: ApiProbe, samples: Samples): Promise<void>;
}
