import { readFileSync, writeFileSync } from 'node:fs';
import { inProject } from '../harness/project.js';
import { withTables } from './page.js';

const PAGE = inProject('docs/performance.md');

/** Puts the tables of the results that are kept into the page on performance. */
export function writePage(): void {
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8')));
}
