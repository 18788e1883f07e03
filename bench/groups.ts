import { expressions } from './expressions/group.js';
import { functions } from './functions/group.js';
import type { Group } from './harness/group.js';
import { loop } from './loop/group.js';
import { preparing } from './preparing/group.js';
import { start } from './start/group.js';
import { cluster } from './stores/cluster/group.js';
import { files } from './stores/files/group.js';
import { workflows } from './workflows/group.js';

/** All that can be measured, in the order of the documentation. */
export const GROUPS: readonly Group[] = [expressions, functions, workflows, preparing, loop, files, cluster, start];
