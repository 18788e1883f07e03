import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { ApiProbe } from '../support/fake-api-server/api-probe.js';
import { EXPECTATIONS } from '../support/fake-api-server/expectations/expectations.js';
import { installKinds, Samples } from '../support/fake-api-server/expectations/samples.js';

// What the fake API server is held to, asked of a real one: else the fake would be strict about things that nobody does.
const { test } = useOwnCluster();

for (const [index, { title, run }] of EXPECTATIONS.entries()) {
  test(`a real API server, as the fake: ${title}`, async (t, { kubeconfig }) => {
    const probe = ApiProbe.of(kubeconfig);
    await installKinds(probe);
    const name = `probe-${index}`;
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    t.is((await probe.ask('POST', '/api/v1/namespaces', { body })).code, 201);
    await run(t, probe, new Samples(name));
  });
}
