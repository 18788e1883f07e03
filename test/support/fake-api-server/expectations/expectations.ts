import { APPLYING } from './applying.js';
import type { Expectation } from './expectation.js';
import { LIFECYCLE } from './lifecycle.js';
import { READING } from './reading.js';
import { WRITING } from './writing.js';

/** What any API server does, real or not. Each is run in a namespace of its own. */
export const EXPECTATIONS: readonly Expectation[] = [...WRITING, ...LIFECYCLE, ...APPLYING, ...READING];
