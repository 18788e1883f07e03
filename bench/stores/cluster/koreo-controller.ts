import { createKernel } from 'koreo-kernel';
import kubernetes from 'koreo-kernel/adapters/kubernetes';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import { appDefinitions } from '../../loop/app-world.js';
import { Counts, kubeconfigOfController, serveController } from './controller-process.js';

/** This project as the controller of Apps: the definitions that the loop is measured with, over an API server. */
const calls = new Counts();
const kernel = createKernel({
  plugins: [cel, kubernetes],
  stores: [
    { name: 'cluster', type: 'kubernetes', options: { kubeconfig: kubeconfigOfController() } },
    new MemoryStore({ name: 'definitions', resources: appDefinitions() }),
  ],
  defaultStore: 'cluster',
  definitions: [{ store: 'definitions' }],
});
kernel.storeActivity.subscribe(({ activity }) => {
  // Events are told beside, a few at a time; they are no part of making a trigger's world right.
  if (activity.type !== 'call' || activity.verb === 'watch' || activity.kind?.kind === 'Event') return;
  calls.add(activity.kind === undefined ? activity.verb : `${activity.verb} ${activity.kind.kind}`);
});
await kernel.start();
serveController(() => calls.all);
