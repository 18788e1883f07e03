import { asResource, createKernel, type Kernel, parseDocuments, type RunReport } from 'koreo-kernel';
import { createJsonStore } from 'koreo-kernel/adapters/json';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore } from 'koreo-kernel/testing';
import { filter, firstValueFrom } from 'rxjs';

// The program's own data. Nothing in it knows of resources.
const shop = { orders: [{ id: 'A-1', item: 'pear', count: 2 }], invoices: {} };

const data = createJsonStore({
  name: 'data',
  document: shop,
  collections: [
    { at: '/orders', apiVersion: 'shop/v1', kind: 'Order', name: 'id' },
    { at: '/invoices', apiVersion: 'shop/v1', kind: 'Invoice' },
  ],
});

const { documents } = parseDocuments(
  `
apiVersion: koreo.dev/v1beta1
kind: ValueFunction
metadata: {name: price}
spec:
  return: {total: =inputs.count * 3}
---
apiVersion: koreo.dev/v1beta1
kind: ResourceFunction
metadata: {name: invoice}
spec:
  apiConfig: {apiVersion: shop/v1, kind: Invoice, name: =inputs.order, namespaced: false}
  resource:
    spec: {total: =inputs.total}
  create: {delay: 1}
  update:
    patch: {delay: 1}
---
apiVersion: koreo.dev/v1beta1
kind: Workflow
metadata: {name: orders}
spec:
  crdRef: {apiGroup: shop, version: v1, kind: Order}
  steps:
    - label: price
      ref: {kind: ValueFunction, name: price}
      inputs: {count: =parent.spec.count}
    - label: invoice
      ref: {kind: ResourceFunction, name: invoice}
      inputs: {order: =parent.metadata.name, total: =steps.price.total}
`,
  { file: 'shop.koreo' },
);
const definitions = new MemoryStore({
  name: 'definitions',
  resources: documents.flatMap(({ value }) => (value === undefined ? [] : [asResource(value)])),
});

const kernel = createKernel({
  plugins: [cel],
  stores: [data, definitions],
  defaultStore: 'data',
  definitions: [{ store: 'definitions' }],
});
kernel.reports.subscribe(print);
kernel.incidents.subscribe(({ source, error }) => console.error(source, error));

await kernel.start();
await ready(kernel, 'A-1');
console.log('invoices:', JSON.stringify(shop.invoices));

shop.orders[0] = { id: 'A-1', item: 'pear', count: 5 };
await data.refresh();
await ready(kernel, 'A-1');
console.log('invoices:', JSON.stringify(shop.invoices));

await kernel.stop();
await data.close();

function print({ trigger, causes, outcome, steps }: RunReport): void {
  const actions = steps.flatMap(({ action }) => (action?.done ? [`${action.type} ${action.resource.kind}`] : []));
  console.log([`${trigger.kind} ${trigger.name} (${causes}): ${outcome.type}`, ...actions].join(', '));
}

/** The next run of the trigger that leaves it Ready. */
async function ready({ reports }: Kernel, name: string): Promise<void> {
  await firstValueFrom(reports.pipe(filter(({ trigger, outcome }) => trigger.name === name && outcome.type === 'Ok')));
}
