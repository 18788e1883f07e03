import { createRequire } from 'node:module';
import type * as Re2 from 're2js';

const load = createRequire(import.meta.url);

/** The engine of regular expressions, loaded with the first pattern: most expressions have none, and it is a quarter of a megabyte. */
export function linearPatterns(): typeof Re2 {
  return load('re2js');
}
