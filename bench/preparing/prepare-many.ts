import { createWorkbench, type PrepareContext, prepareDefinition, type Resource } from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import { definitionsIn } from '../definitions/catalog.js';
import { answerParent, taskOfParent } from '../harness/child.js';
import { cpuMilliseconds } from '../harness/cpu-clock.js';
import { chain } from '../workflows/definitions.js';

/** What this process is to prepare, and how often. */
export interface ManyTask {
  readonly kind: ManyKind;
  readonly count: number;
}

export type ManyKind = 'ValueFunction' | 'ResourceFunction' | 'Workflow';

/** What preparing cost, in all. */
export interface ManyCost {
  readonly cpuMs: number;
  /** By how much the process grew; the room in which it makes new objects grows with it, and is counted. */
  readonly residentKiB: number;
  /** By how much what is kept grew. */
  readonly heapKiB: number;
}

const { count, kind } = taskOfParent<ManyTask>();
const { context } = createWorkbench({ plugins: [cel] });
const document = documentOf(kind);
// What is loaded and compiled once, whatever is prepared, is nobody's share.
prepare('first', context);

const before = memory();
const start = cpuMilliseconds();
const prepared = Array.from({ length: count }, (_, index) => prepare(`n${index}`, context));
const cpuMs = cpuMilliseconds() - start;
const after = memory();
if (prepared.length !== count) throw new Error('not all were prepared');
answerParent({
  cpuMs,
  residentKiB: (after.rss - before.rss) / 1024,
  heapKiB: (after.heapUsed - before.heapUsed) / 1024,
});

/** From a document of its own, as a store would give it. */
function prepare(name: string, by: PrepareContext): unknown {
  const own = structuredClone(document);
  const resource = { ...own, metadata: { ...own.metadata, name } };
  const result = prepareDefinition(resource, { store: 'bench' }, by);
  if (result.status !== 'prepared') throw new Error(`${kind} does not prepare`);
  return result.definition;
}

function documentOf(wanted: ManyKind): Resource {
  switch (wanted) {
    case 'Workflow':
      return chain('chain.v1', 10);
    case 'ResourceFunction':
      return only(definitionsIn('functions/print-spool.koreo'), wanted);
    case 'ValueFunction':
      return only(definitionsIn('functions/delivery-plan.koreo'), wanted);
  }
}

function only(all: readonly Resource[], wanted: string): Resource {
  const found = all.find((one) => one.kind === wanted);
  if (found === undefined) throw new Error(`there is no ${wanted}`);
  return found;
}

function memory(): NodeJS.MemoryUsage {
  if (globalThis.gc === undefined) throw new Error('this process needs --expose-gc');
  for (let again = 0; again < 3; again += 1) globalThis.gc();
  return process.memoryUsage();
}
