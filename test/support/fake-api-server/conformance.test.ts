import test from 'ava';
import { ApiProbe } from './api-probe.js';
import { EXPECTATIONS } from './expectations/expectations.js';
import { installKinds, Samples } from './expectations/samples.js';
import { FakeApiServer } from './fake-api-server.js';

for (const { title, run } of EXPECTATIONS) {
  test(`fake server: ${title}`, async (t) => {
    const server = await FakeApiServer.start({ namespaces: ['probe'] });
    t.teardown(() => server.stop());
    const probe = ApiProbe.at(server.url);
    await installKinds(probe);
    await run(t, probe, new Samples('probe'));
  });
}
