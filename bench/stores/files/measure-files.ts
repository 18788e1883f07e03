import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createKernel, type Kernel, type Resource, type RunReport } from 'koreo-kernel';
import files from 'koreo-kernel/adapters/file-system';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import { stringify } from 'yaml';
import { answerParent, taskOfParent } from '../../harness/child.js';
import { cpuMilliseconds } from '../../harness/cpu-clock.js';
import { app, appDefinitions, apps } from '../../loop/app-world.js';

/** What this process is to do with a folder of Apps. */
export interface FilesTask {
  /** `fill`: write them, and all that is made for them. `measure`: start over all of it, then edit one after another. */
  readonly step: 'fill' | 'measure';
  readonly root: string;
  readonly apps: number;
  readonly edits: number;
}

/** What was measured, in milliseconds. */
export interface FilesMeasures {
  /** From a process that has read nothing until all is known and right. */
  readonly startCpuMs: number;
  readonly startWallMs: number;
  /** For each edit of a trigger, by the wall clock, until the file that follows it has changed. */
  readonly editsMs: readonly number[];
}

const task = taskOfParent<FilesTask>();
answerParent({ ...(task.step === 'fill' ? await fill() : await measure()) });

async function fill(): Promise<object> {
  for (const one of apps(task.apps)) write(one);
  const { kernel } = makeKernel();
  await kernel.start();
  await kernel.whenIdle();
  await kernel.stop();
  return {};
}

async function measure(): Promise<FilesMeasures> {
  const begun = performance.now();
  const cpu = cpuMilliseconds();
  const { kernel, changed } = makeKernel();
  await kernel.start();
  await kernel.whenIdle();
  const startCpuMs = cpuMilliseconds() - cpu;
  const startWallMs = performance.now() - begun;
  const ready = kernel.triggers().filter((trigger) => trigger.ready).length;
  if (ready !== task.apps) throw new Error(`${ready} of ${task.apps} triggers are ready`);
  const [unexpected] = changed;
  if (unexpected !== undefined) throw new Error(`a start over what is right changed ${unexpected.trigger.name}`);
  const editsMs: number[] = [];
  for (let index = 0; index < task.edits; index += 1) {
    editsMs.push(await edit(index % task.apps, 100 + index));
    await kernel.whenIdle();
  }
  await kernel.stop();
  return { startCpuMs, startWallMs, editsMs };
}

/** Saves an App with other replicas, as an editor would, and waits until its Server has them. */
async function edit(index: number, replicas: number): Promise<number> {
  const one = app(index);
  const server = pathOf({ ...one, kind: 'Server' });
  const begun = performance.now();
  write({ ...one, spec: { ...(one.spec as object), replicas } });
  while (!readFileSync(server, 'utf8').includes(`replicas: ${replicas}`)) {
    if (performance.now() - begun > 60_000) throw new Error(`${server} has not followed within a minute`);
    await wait(1);
  }
  return performance.now() - begun;
}

function makeKernel(): { readonly kernel: Kernel; readonly changed: readonly RunReport[] } {
  const changed: RunReport[] = [];
  const kernel = createKernel({
    plugins: [cel, files],
    stores: [
      { name: 'files', type: 'file-system', options: { root: task.root } },
      new MemoryStore({ name: 'definitions', resources: appDefinitions() }),
    ],
    defaultStore: 'files',
    definitions: [{ store: 'definitions' }],
  });
  kernel.reports.subscribe((report) => {
    if (report.changed) changed.push(report);
  });
  return { kernel, changed };
}

function write(resource: Resource): void {
  const path = pathOf(resource);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new~`, stringify(resource));
  renameSync(`${path}.new~`, path);
}

/** Where a store of files keeps a resource, by default. */
function pathOf({ kind, metadata }: Resource): string {
  return join(task.root, metadata.namespace ?? '', kind, `${metadata.name}.yaml`);
}
