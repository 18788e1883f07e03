import test, { type ExecutionContext } from 'ava';
import { ApiProbe, type ProbeAnswer } from './api-probe.js';
import type { ApiWorldOptions } from './api-world.js';
import { FakeApiServer } from './fake-api-server.js';
import { openLines } from './open-lines.js';

const MAPS = '/api/v1/namespaces/default/configmaps';
const MERGE = 'application/merge-patch+json';
const one = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace: 'default' } };
const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'one', namespace: 'default' };

async function started(t: ExecutionContext, options: ApiWorldOptions = {}) {
  const server = await FakeApiServer.start(options);
  t.teardown(() => server.stop());
  return { server, probe: ApiProbe.at(server.url) };
}

/** How a request came out: its status code, or that there was none. */
function outcome(answer: Promise<ProbeAnswer>): Promise<number | 'cut'> {
  return answer.then(
    ({ code }) => code,
    () => 'cut' as const,
  );
}

test('a fault before the request leaves things as they were, one after it does not', async (t) => {
  const { server, probe } = await started(t);
  server.faults.plan({ verb: 'create' }, { type: 'status', code: 503 });
  t.is(await outcome(probe.ask('POST', MAPS, { body: one })), 503);
  t.is(server.peek(ref), undefined);
  server.faults.plan({ verb: 'create' }, { type: 'status', code: 504, when: 'after' });
  t.is(await outcome(probe.ask('POST', MAPS, { body: one })), 504);
  t.is(server.peek(ref)?.metadata.name, 'one');
});

test('a connection is cut before the request, after it, or in the middle of the answer', async (t) => {
  const { server, probe } = await started(t);
  server.faults.plan({ verb: 'create' }, { type: 'cut' });
  t.is(await outcome(probe.ask('POST', MAPS, { body: one })), 'cut');
  t.is(server.peek(ref), undefined);
  server.faults.plan({ verb: 'create' }, { type: 'cut', when: 'after' });
  t.is(await outcome(probe.ask('POST', MAPS, { body: one })), 'cut');
  t.not(server.peek(ref), undefined);
  server.faults.plan({ verb: 'get' }, { type: 'cut-body' });
  t.is(await outcome(probe.ask('GET', `${MAPS}/one`)), 'cut');
  t.is(await outcome(probe.ask('GET', `${MAPS}/one`)), 200);
});

test('a refusal says after how many seconds to come again', async (t) => {
  const { server, probe } = await started(t);
  server.faults.plan({ plural: 'configmaps' }, { type: 'status', code: 429, retryAfter: 7 });
  const { code, body, headers } = await probe.ask('GET', MAPS);
  t.deepEqual([code, body.reason, headers['retry-after']], [429, 'TooManyRequests', '7']);
  t.is(body.details.retryAfterSeconds, 7);
});

test('faults strike the requests that they mean, after those that they skip, as often as they should', async (t) => {
  const { server, probe } = await started(t);
  const fault = server.faults.plan(
    { verb: ['get', 'list'], plural: 'configmaps', userAgent: /^koreo/ },
    { type: 'status', code: 500 },
    { skip: 1, times: 2 },
  );
  const codes: (number | 'cut')[] = [];
  for (let turn = 0; turn < 4; turn++) codes.push(await outcome(probe.ask('GET', MAPS, { userAgent: 'koreo/1' })));
  t.deepEqual(codes, [200, 500, 500, 200]);
  t.is(fault.hits, 2);
  server.faults.plan({ name: 'one' }, { type: 'status', code: 500 }, { times: Number.POSITIVE_INFINITY });
  t.is(await outcome(probe.ask('GET', MAPS)), 200);
  t.is(await outcome(probe.ask('GET', `${MAPS}/one`)), 500);
  server.faults.clear();
  t.is(await outcome(probe.ask('GET', `${MAPS}/one`)), 404);
});

test('an answer waits for a gate, or never comes', async (t) => {
  const { server, probe } = await started(t);
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  server.faults.plan({ verb: 'create' }, { type: 'gate', opened });
  const waiting = probe.ask('POST', MAPS, { body: one });
  await server.until(() => server.requestsOf({ verb: 'create' }).length === 1);
  t.is(server.peek(ref), undefined);
  open();
  t.is((await waiting).code, 201);
  server.faults.plan({ verb: 'get' }, { type: 'hang', when: 'after' });
  const never = outcome(probe.ask('GET', `${MAPS}/one`));
  await server.until(() => server.requestsOf({ verb: 'get' }).length === 1);
  await server.stop();
  t.is(await never, 'cut');
});

test('a proxy on the way may answer with something else', async (t) => {
  const { server, probe } = await started(t);
  server.faults.plan({}, { type: 'answer', code: 502, contentType: 'text/html', text: '<html>' });
  t.deepEqual(await probe.ask('GET', MAPS).then(({ code, body }) => [code, body]), [502, '<html>']);
});

test('it stops and starts again at the same place, with all that it held', async (t) => {
  const { server, probe } = await started(t);
  await probe.ask('POST', MAPS, { body: one });
  const watch = await openLines(probe, `${MAPS}?watch=true`);
  await watch.next();
  const { url } = server;
  await server.stop();
  t.is(await watch.ended(), 'between lines');
  t.is(await outcome(probe.ask('GET', MAPS)), 'cut');
  await server.start();
  t.is(server.url, url);
  t.is(await outcome(probe.ask('GET', `${MAPS}/one`)), 200);
});

test('from the first token on requests need one, until it expires', async (t) => {
  const { server, probe } = await started(t);
  t.is(await outcome(probe.ask('GET', MAPS)), 200);
  const token = server.tokens.issue('ada');
  t.is(await outcome(probe.ask('GET', MAPS)), 401);
  t.is(await outcome(probe.ask('GET', MAPS, { token })), 200);
  t.is(server.requests.at(-1)?.user, 'ada');
  server.tokens.expire(token);
  const { code, body } = await probe.ask('GET', MAPS, { token });
  t.deepEqual([code, body.reason], [401, 'Unauthorized']);
  t.is(await outcome(probe.ask('GET', MAPS, { token: server.tokens.issue('ada') })), 200);
});

test('it remembers every request and its answer', async (t) => {
  const { server, probe } = await started(t, { now: () => new Date(5000) });
  await probe.ask('POST', `${MAPS}?dryRun=All`, { body: one, userAgent: 'me/1' });
  await probe.ask('PATCH', `${MAPS}/none`, { body: {}, contentType: MERGE });
  const shown = server.requests.map(({ verb, path, query, code, userAgent, time }) => ({
    verb,
    path,
    dryRun: query.get('dryRun'),
    code,
    userAgent,
    time,
  }));
  t.deepEqual(shown, [
    { verb: 'create', path: MAPS, dryRun: 'All', code: 201, userAgent: 'me/1', time: 5000 },
    { verb: 'patch', path: `${MAPS}/none`, dryRun: null, code: 404, userAgent: 'probe/1', time: 5000 },
  ]);
  t.is(server.requestsOf({ name: 'none' }).length, 1);
});

test('a watch from a revision that is compacted is told 410 as an event, and a list’s next page as a status', async (t) => {
  const { server, probe } = await started(t, { namespaces: ['a'] });
  for (const name of ['one', 'two', 'three']) server.put({ ...one, metadata: { name, namespace: 'default' } });
  const page = await probe.ask('GET', `${MAPS}?limit=1`);
  const from = page.body.metadata.resourceVersion;
  server.drop(ref);
  server.compact();
  const watch = await openLines(probe, `${MAPS}?watch=true&resourceVersion=${from}`);
  const line = await watch.next();
  t.deepEqual([watch.code, line.type, line.object.code, line.object.reason], [200, 'ERROR', 410, 'Expired']);
  t.is(await watch.ended(), 'between lines');
  const next = await probe.ask('GET', `${MAPS}?limit=1&continue=${page.body.metadata.continue}`);
  t.deepEqual([next.code, next.body.reason], [410, 'Expired']);
});

test('a list wants a revision that there is', async (t) => {
  const { server, probe } = await started(t);
  const old = server.put(one).metadata.resourceVersion;
  server.drop(ref);
  const exact = await probe.ask('GET', `${MAPS}?resourceVersion=${old}&resourceVersionMatch=Exact`);
  t.is(exact.body.items.length, 1);
  t.is((await probe.ask('GET', `${MAPS}?resourceVersion=${old}`)).body.items.length, 0);
  t.is(await outcome(probe.ask('GET', `${MAPS}?resourceVersion=999999`)), 504);
  t.is(await outcome(probe.ask('GET', `${MAPS}?resourceVersion=abc`)), 400);
});

test('a watch can be closed, cut between lines or inside one, held, repeated, and given an error', async (t) => {
  const { server, probe } = await started(t);
  const open = async () => {
    const lines = await openLines(probe, `${MAPS}?watch=true&resourceVersion=1&allowWatchBookmarks=true`);
    return { lines, watch: await server.watch({ plural: 'configmaps' }) };
  };
  for (const [how, end] of [
    ['close', 'between lines'],
    ['cut', 'between lines'],
    ['cutInLine', 'inside a line'],
  ] as const) {
    const { lines, watch } = await open();
    watch[how]();
    t.is(await lines.ended(), end, how);
    await server.until(() => server.watches().length === 0);
  }
  const { lines, watch } = await open();
  watch.hold();
  server.put(one);
  watch.release();
  watch.repeat();
  t.is((await lines.next()).type, 'ADDED');
  t.is((await lines.next()).type, 'ADDED');
  lines.end();
  await server.until(() => server.watches().length === 0);
});

test('discovery tells all at once to those who ask for it, unless the server is an old one', async (t) => {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
  const { probe } = await started(t);
  const { body, headers } = await probe.ask('GET', '/apis', { accept });
  t.is(body.kind, 'APIGroupDiscoveryList');
  t.regex(String(headers['content-type']), /APIGroupDiscoveryList/);
  const apps = body.items.find(({ metadata }: { metadata: { name: string } }) => metadata.name === 'apps');
  const [deployments] = apps.versions[0].resources;
  t.deepEqual(
    [deployments.resource, deployments.scope, deployments.subresources[0].subresource],
    ['deployments', 'Namespaced', 'status'],
  );
  const old = await started(t, { aggregatedDiscovery: false });
  t.is((await old.probe.ask('GET', '/apis', { accept })).body.kind, 'APIGroupList');
});

test('what somebody else puts has a status, too, and what is put again is replaced', async (t) => {
  const { server } = await started(t);
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'default' }, spec: { a: 1 } };
  server.put({ ...service, status: { seen: 1 } });
  const again = server.put({ ...service, spec: { b: 2 }, status: { seen: 2 } });
  t.deepEqual([again.spec, again.status], [{ b: 2 }, { seen: 2 }]);
});

test('with a namespace goes all that is in it, and with a definition all objects of its kind', async (t) => {
  const { server, probe } = await started(t, { namespaces: ['a'] });
  server.put({ ...one, metadata: { name: 'one', namespace: 'a' } });
  server.drop({ apiVersion: 'v1', kind: 'Namespace', name: 'a' });
  t.is(server.peek({ ...ref, namespace: 'a' }), undefined);
  const spec = {
    group: 'x.dev',
    scope: 'Cluster',
    names: { plural: 'things', kind: 'Thing' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  };
  const crd = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: 'things.x.dev' };
  server.put({ ...crd, metadata: { name: crd.name }, spec });
  server.put({ apiVersion: 'x.dev/v1', kind: 'Thing', metadata: { name: 'one' } });
  const watch = await openLines(probe, '/apis/x.dev/v1/things?watch=true');
  t.is((await watch.next()).type, 'ADDED');
  server.drop(crd);
  t.is((await watch.next()).type, 'DELETED');
  t.is(await watch.ended(), 'between lines');
  t.is(await outcome(probe.ask('GET', '/apis/x.dev/v1/things')), 404);
});
