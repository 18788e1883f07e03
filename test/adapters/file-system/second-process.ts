import { SystemClock } from 'koreo-kernel';
import { FileSystemStore } from '../../../adapters/file-system/file-system-store.js';
import { completeOptions } from '../../../adapters/file-system/options.js';
import { THING, thingRef } from './place.js';

/**
 * What another process does: counts up one field of a shared resource, sets fields of its own, and creates and deletes
 * things of its own. Run with the root, its name and how many rounds.
 */
const [root = '', name = '', rounds = '0'] = process.argv.slice(2);
const context = { name, baseDirectory: root, clock: new SystemClock() };
const store = new FileSystemStore(context, completeOptions({ pattern: 'all.yaml' }));

for (let round = 1; round <= Number(rounds); round += 1) {
  await increment();
  await store.patchStatus(thingRef('shared'), { status: { [name]: round } });
  await store.create({ ...THING, metadata: { name: `${name}-${round}`, namespace: 'default' }, spec: { round } });
  if (round % 2 === 0) await store.delete(thingRef(`${name}-${round}`));
}
await store.close();

/** Reads, computes, and writes what it computed only if nobody came between. */
async function increment(): Promise<void> {
  for (;;) {
    const read = await store.get(thingRef('shared'));
    const { count = 0 } = (read?.spec ?? {}) as { count?: number };
    const revision = read?.metadata.resourceVersion;
    try {
      await store.patch(thingRef('shared'), { spec: { count: count + 1 } }, revision === undefined ? {} : { revision });
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'conflict') throw error;
    }
  }
}
