import { createRequire } from 'node:module';
import type * as Re2 from 're2js';

const load = createRequire(import.meta.url);

/**
 * RE2, whose patterns take linear time whatever they are: one copy for all languages, loaded with the first pattern, since most
 * expressions have none and it is a quarter of a megabyte.
 */
export function linearPatterns(): typeof Re2 {
  return load('re2js');
}
