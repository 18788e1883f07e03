import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import {
  AlreadyExistsError,
  FencedError,
  ForbiddenError,
  type JsonObject,
  NotFoundError,
  UnavailableError,
} from 'koreo-kernel';
import { VirtualClock } from 'koreo-kernel/testing';
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { ExpiredError, UnauthorizedError } from '../../../../adapters/kubernetes/api/api-errors.js';
import { HttpApiClient } from '../../../../adapters/kubernetes/api/http-api-client.js';
import { KubeConnection } from '../../../../adapters/kubernetes/connection/kube-connection.js';
import { eventually } from '../../../support/eventually.js';
import { Gate } from '../../../support/gate.js';
import { SwitchFence } from '../../../support/switch-fence.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { ApiWorld, MAP, MAPS } from '../support/api-world.js';

test('a request gives the JSON of its answer, and is told of with its code and kind', async (t) => {
  const world = await ApiWorld.start(t);
  world.put();
  t.like(await world.get(), { kind: 'ConfigMap', metadata: { name: 'one' } });
  t.deepEqual(world.calls, [{ type: 'call', verb: 'get', code: '200', durationMs: 0, kind: MAP }]);
});

test('refusals are errors of their own', async (t) => {
  const world = await ApiWorld.start(t);
  world.put();
  await t.throwsAsync(world.get('nobody'), { instanceOf: NotFoundError });
  await t.throwsAsync(world.create('one'), { instanceOf: AlreadyExistsError });
  world.server.faults.plan({ verb: 'get' }, { type: 'status', code: 403, reason: 'Forbidden', message: 'no' });
  await t.throwsAsync(world.get(), { instanceOf: ForbiddenError });
  world.server.faults.plan({ verb: 'get' }, { type: 'status', code: 429, retryAfter: 7 });
  t.is((await t.throwsAsync(world.get(), { instanceOf: UnavailableError }))?.retryAfter, 7);
  world.server.faults.plan({ verb: 'get' }, { type: 'status', code: 503 });
  await t.throwsAsync(world.get(), { instanceOf: UnavailableError });
  world.server.faults.plan({ verb: 'get' }, { type: 'status', code: 410 });
  await t.throwsAsync(world.get(), { instanceOf: ExpiredError });
  t.deepEqual(world.codes, ['404', '409', '403', '429', '503', '410']);
});

test('an answer that is no JSON is not taken for one', async (t) => {
  const world = await ApiWorld.start(t);
  const answer = { type: 'answer', code: 200, contentType: 'text/html', text: '<p>secret</p>' } as const;
  world.server.faults.plan({ verb: 'get' }, answer);
  const error = await t.throwsAsync(world.get(), { instanceOf: UnavailableError });
  t.is(error?.message, 'the answer is no JSON: is this an API server?');
});

test('a server that is not there, and one that breaks off, are unavailable; of a write it says that it may have been done', async (t) => {
  const world = await ApiWorld.start(t);
  world.server.faults.plan({ verb: 'create' }, { type: 'cut', when: 'after' });
  const cut = await t.throwsAsync(world.create(), { instanceOf: UnavailableError });
  t.regex(cut?.message ?? '', /cannot be reached: .*ECONNRESET.*; the write may have taken effect$/);
  t.true(world.has('one'));
  world.server.faults.plan({ verb: 'get' }, { type: 'cut-body' });
  await t.throwsAsync(world.get(), { instanceOf: UnavailableError });
  await world.server.stop();
  const refused = await t.throwsAsync(world.create(), { instanceOf: UnavailableError });
  t.regex(
    refused?.message ?? '',
    /^http:\/\/127\.0\.0\.1:\d+ cannot be reached: nothing listens there \(ECONNREFUSED\)$/,
  );
  t.deepEqual(world.codes, ['network', '200', 'network']);
});

test('an answer that does not come in time is given up', async (t) => {
  const world = await ApiWorld.start(t);
  const fault = world.server.faults.plan({ verb: 'create' }, { type: 'hang', when: 'after' });
  const creating = t.throwsAsync(world.create(), { instanceOf: UnavailableError });
  await world.server.until(() => fault.hits === 1);
  await world.clock.advance(30_000);
  t.regex((await creating)?.message ?? '', /did not answer within 30 s; the write may have taken effect$/);
  t.deepEqual(world.codes, ['timeout']);
  t.is(world.clock.pending, 0);
});

test('a read is given up when its signal is aborted; a write that has left is not', async (t) => {
  const world = await ApiWorld.start(t);
  const reason = new Error('enough');
  for (const verb of ['get', 'create'] as const) {
    const gate = new Gate();
    const fault = world.server.faults.plan({ verb }, { type: 'gate', opened: gate.opened });
    const controller = new AbortController();
    const call = verb === 'get' ? world.get('nobody', controller.signal) : world.create('one', controller.signal);
    const settled = call.then(
      () => 'done',
      (error: unknown) => error,
    );
    await eventually('the request comes in', async () => fault.hits === 1);
    controller.abort(reason);
    await world.clock.settle();
    gate.open();
    t.is(await settled, verb === 'get' ? reason : 'done');
  }
  t.true(world.has('one'));
});

test('a write that has not left is given up with its signal, and leaves nothing', async (t) => {
  const world = await ApiWorld.start(t);
  const controller = new AbortController();
  const reason = new Error('enough');
  const creating = world.create('one', controller.signal);
  controller.abort(reason);
  t.is(await t.throwsAsync(creating), reason);
  await t.throwsAsync(world.get('one'), { instanceOf: NotFoundError });
});

test('many calls may share one signal without a warning', async (t) => {
  const world = await ApiWorld.start(t);
  world.put();
  const warnings: string[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', onWarning);
  t.teardown(() => process.off('warning', onWarning));
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 40 }, () => world.get('one', signal)));
  t.deepEqual(warnings, []);
});

test('connections are kept: requests that follow one another share one', async (t) => {
  const { url, connections } = await countingServer(t);
  const server = { 'current-context': 'a', clusters: [{ name: 'a', cluster: { server: url } }] };
  const kubeconfig = {
    ...server,
    users: [{ name: 'a' }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
  };
  const folder = tempFolder(t, { kubeconfig: JSON.stringify(kubeconfig) });
  const clock = new VirtualClock();
  const connection = new KubeConnection({ kubeconfig: join(folder, 'kubeconfig') }, clock);
  const client = new HttpApiClient({ connection, clock, requestTimeoutSeconds: 30 });
  for (let turn = 0; turn < 10; turn++) {
    await client.send({ method: 'GET', path: '/version', verb: 'get' });
    // Past the time for which credentials are not asked for anew: those that are the same keep the connection.
    await clock.advance(20_000);
  }
  t.is(connections(), 1);
  await client.close();
});

test('a read over a connection that the server closed while it was idle is done over a new one', async (t) => {
  const world = await ApiWorld.start(t);
  world.put();
  await world.get();
  world.server.faults.plan({ verb: 'get' }, { type: 'cut' });
  t.like(await world.get(), { metadata: { name: 'one' } });
  world.server.faults.plan({ verb: 'create' }, { type: 'cut' });
  await t.throwsAsync(world.create('two'), { instanceOf: UnavailableError });
});

test('the fence is asked when a write leaves, and not for reads nor for the election itself', async (t) => {
  const fence = new SwitchFence();
  const world = await ApiWorld.start(t, { fence });
  const creating = world.create('one');
  fence.expire();
  await t.throwsAsync(creating, { instanceOf: FencedError });
  await t.throwsAsync(world.get('one'), { instanceOf: NotFoundError });
  const body: JsonObject = { ...MAP, metadata: { name: 'lease' } };
  await world.client.send({ method: 'POST', path: MAPS, body, verb: 'create', kind: MAP, unfenced: true });
  t.true(world.has('lease'));
});

test('a write that has left is cut when the fence comes down, and a read goes on', async (t) => {
  const fence = new SwitchFence();
  const world = await ApiWorld.start(t, { fence });
  world.put('two');
  for (const verb of ['create', 'get'] as const) world.server.faults.plan({ verb }, { type: 'hang', when: 'after' });
  const writing = t.throwsAsync(world.create(), { instanceOf: FencedError });
  const reading = world.get('two').catch(() => 'cut');
  await world.server.until(() => world.server.requests.length === 2);
  fence.fall();
  await writing;
  t.is(await Promise.race([reading, after(50, 'goes on')]), 'goes on');
});

test('a write that waits its turn is held back by a fence that comes down meanwhile', async (t) => {
  const fence = new SwitchFence();
  const world = await ApiWorld.start(t, { fence, rateLimit: { requestsPerSecond: 1, burst: 1 } });
  await world.create('one');
  const waiting = world.create('two');
  fence.expire();
  const refused = t.throwsAsync(waiting, { instanceOf: FencedError });
  await world.clock.advance(1000);
  await refused;
  t.false(world.has('two'));
});

test('what the caller does to the body after the call has no effect', async (t) => {
  const world = await ApiWorld.start(t);
  const body = { ...MAP, metadata: { name: 'one' }, data: { a: '1' } };
  const creating = world.client.send({ method: 'POST', path: MAPS, body, verb: 'create', kind: MAP });
  body.data.a = '2';
  t.like(await creating, { data: { a: '1' } });
});

test('a stream gives one object a line, until the server ends it', async (t) => {
  const world = await ApiWorld.start(t);
  world.put();
  const request = { method: 'GET', path: MAPS, query: { watch: 'true' }, verb: 'watch', kind: MAP } as const;
  const told = lastValueFrom(world.client.stream(request).pipe(toArray()));
  const watch = await world.server.watch({ plural: 'configmaps' });
  world.put('two');
  watch.close();
  t.deepEqual(
    (await told).map(({ type, object }) => [type, (object as JsonObject | undefined)?.kind]),
    [
      ['ADDED', 'ConfigMap'],
      ['ADDED', 'ConfigMap'],
    ],
  );
});

test('a stream that is cut inside a line, broken off or refused is an error', async (t) => {
  const world = await ApiWorld.start(t);
  const request = { method: 'GET', path: MAPS, query: { watch: 'true' }, verb: 'watch', kind: MAP } as const;
  for (const end of ['cutInLine', 'cut'] as const) {
    const ended = t.throwsAsync(lastValueFrom(world.client.stream(request)), { instanceOf: UnavailableError });
    world.put();
    (await world.server.watch({ plural: 'configmaps' }))[end]();
    await ended;
    await world.server.until(() => world.server.watches().length === 0);
  }
  world.server.faults.plan({ verb: 'watch' }, { type: 'status', code: 410, reason: 'Expired' });
  await t.throwsAsync(lastValueFrom(world.client.stream(request)), { instanceOf: ExpiredError });
});

test('who unsubscribes from a stream closes its connection', async (t) => {
  const world = await ApiWorld.start(t);
  const request = { method: 'GET', path: MAPS, query: { watch: 'true' }, verb: 'watch', kind: MAP } as const;
  world.put();
  t.like(await firstValueFrom(world.client.stream(request)), { type: 'ADDED' });
  await world.server.until(() => world.server.watches().length === 0);
  t.is(world.clock.pending, 0);
});

test('close lets a write that has left settle, and takes no more', async (t) => {
  const world = await ApiWorld.start(t);
  const gate = new Gate();
  const fault = world.server.faults.plan({ verb: 'create' }, { type: 'gate', opened: gate.opened });
  const creating = world.create('one');
  await eventually('the request comes in', async () => fault.hits === 1);
  const closing = world.client.close();
  gate.open();
  t.like(await creating, { metadata: { name: 'one' } });
  await closing;
  const error = await t.throwsAsync(world.get('one'), { instanceOf: UnavailableError });
  t.regex(error?.message ?? '', /is closed$/);
});

test('a token that the server refuses is told without being shown', async (t) => {
  const world = await ApiWorld.start(t, { token: 'wrong-token' });
  world.server.tokens.issue('koreo');
  const error = await t.throwsAsync(world.get(), { instanceOf: UnauthorizedError });
  t.regex(error?.message ?? '', /refused the credentials \(401\)/);
  t.false(JSON.stringify([error?.message, error?.stack, String(error?.cause)]).includes('wrong-token'));
});

/** A server that answers everything with an empty object, and counts who connects. */
async function countingServer(t: ExecutionContext): Promise<{ url: string; connections(): number }> {
  let count = 0;
  const server = createServer((_request, response) => response.end('{}'));
  server.on('connection', () => {
    count += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => count };
}
