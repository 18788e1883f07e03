import { MemoryStore } from 'koreo-kernel/testing';
import { GADGET, storeContract, WIDGET } from './store.js';

const KINDS = [
  { ...WIDGET, plural: 'widgets', namespaced: true },
  { ...GADGET, plural: 'gadgets', namespaced: true },
];

for (const ownsFields of [false, true]) {
  storeContract(
    ownsFields ? 'MemoryStore that owns fields' : 'MemoryStore',
    async () => {
      const store = new MemoryStore({ kinds: KINDS, ownsFields });
      return {
        store,
        authorsPart: async (ref) => store.peek(ref)?.spec,
        outside: {
          put: async (resource) => {
            const status = store.peek({ ...resource, ...resource.metadata })?.status;
            store.put(status === undefined ? resource : { ...resource, status });
          },
          remove: (ref) => store.delete(ref),
        },
        dispose: () => store.close(),
      };
    },
    { anyKind: true, shared: false, durable: false, fieldOwners: ownsFields, holdsDeletion: true },
  );
}
