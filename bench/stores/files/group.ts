import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inChild } from '../../harness/child.js';
import type { Effort } from '../../harness/effort.js';
import type { Group } from '../../harness/group.js';
import { RESOURCES_EACH } from '../../loop/app-world.js';
import { percentile } from '../percentile.js';
import type { FilesMeasures, FilesTask } from './measure-files.js';

/** How many files there are, those of triggers and of what is made for them, and how many of them are edited. */
const SIZES: Readonly<Record<Effort['name'], { readonly files: number; readonly edits: number }>> = {
  full: { files: 10_000, edits: 200 },
  quick: { files: 400, edits: 20 },
  smoke: { files: 20, edits: 2 },
};

/** A folder of manifests: what a start costs, and how soon an edit has its effect. */
export const files: Group = {
  name: 'files',
  title: 'Files',
  targets: [],
  measure: async (meter) => {
    const { edits, files: count } = SIZES[meter.effort.name];
    const root = mkdtempSync(join(tmpdir(), 'koreo-bench-'));
    try {
      const task: Omit<FilesTask, 'step'> = { root, apps: count / (1 + RESOURCES_EACH), edits };
      const module = new URL('./measure-files.js', import.meta.url);
      await inChild({ module, task: { ...task, step: 'fill' } });
      const measured = await inChild<FilesMeasures>({ module, task: { ...task, step: 'measure' } });
      const many = `${count.toLocaleString('en-US')} files`;
      const by = 'koreo';
      const edit = `an edit among ${many} to its effect, wall clock`;
      return [
        meter.figure({ work: `start over ${many}`, by, unit: 'ms' }, [measured.startCpuMs]),
        meter.figure({ work: `start over ${many}, wall clock`, by, unit: 'ms' }, [measured.startWallMs]),
        meter.figure({ work: `${edit}, p50`, by, unit: 'ms' }, [percentile(measured.editsMs, 50)]),
        meter.figure({ work: `${edit}, p99`, by, unit: 'ms' }, [percentile(measured.editsMs, 99)]),
      ];
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
};
