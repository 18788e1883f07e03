import { once } from 'node:events';
import { connect } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { SystemClock } from 'koreo-kernel';
import { DutyBoard } from '../../../cli/serve/duty.js';
import { type HealthServer, serveHealth } from '../../../cli/serve/health-server.js';
import { ServerError } from '../../../cli/serve/server-error.js';
import { order, SHOP, start } from '../../support/kernel-harness.js';
import { parseExposition, sampleOf } from './exposition.js';

const OPTIONS = {
  address: '127.0.0.1',
  port: 0,
  stalledAfterSeconds: 300,
  degradedAfterSeconds: 30,
  stepTimeoutSeconds: 10,
  clock: new SystemClock(),
  version: '1.2.3',
};

async function serve(t: ExecutionContext, board = new DutyBoard()): Promise<HealthServer> {
  const server = await serveHealth(board, OPTIONS);
  t.teardown(() => server.close());
  return server;
}

test('probes are answered in the form that kube-apiserver answers them', async (t) => {
  const board = new DutyBoard();
  const { url } = await serve(t, board);
  const get = async (path: string) => {
    const answer = await fetch(url + path);
    return [answer.status, await answer.text()];
  };
  t.deepEqual(await get('/livez'), [200, 'ok\n']);
  t.deepEqual(await get('/healthz'), [200, 'ok\n']);
  t.deepEqual(await get('/readyz'), [
    503,
    '[-]duty failed: it is starting: nothing has been read yet\nreadyz check failed\n',
  ]);
  board.set({ type: 'standby' });
  t.deepEqual(await get('/readyz'), [200, 'ok\n']);
  t.deepEqual(await get('/livez?verbose'), [200, '[+]event-loop ok\n[+]queue ok\nlivez check passed\n']);
});

test('what nobody should ask for is refused, and the server goes on', async (t) => {
  const { url } = await serve(t);
  const head = await fetch(`${url}/livez`, { method: 'HEAD' });
  t.is(head.status, 200);
  t.is(await head.text(), '');
  t.is(head.headers.get('content-length'), '3');
  const missing = await fetch(`${url}/nothing`);
  t.is(missing.status, 404);
  t.is(await missing.text(), 'there is only: /livez, /healthz, /readyz, /metrics\n');
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const answer = await fetch(`${url}/livez`, { method, ...(method === 'POST' ? { body: 'x'.repeat(100_000) } : {}) });
    t.is(answer.status, 405, method);
    t.is(answer.headers.get('allow'), 'GET, HEAD');
  }
  for (const path of ['//', '/%', '/livez?%', '/livez?a?b=c', '/../livez']) {
    t.true([200, 404].includes((await fetch(url + path)).status), path);
  }
  for (const garbage of ['\u0000\u0001\r\n\r\n', 'GET\r\n\r\n', `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`]) {
    t.regex(await raw(url, garbage), /^HTTP\/1\.1 4\d\d /, JSON.stringify(garbage.slice(0, 20)));
  }
  t.is((await fetch(`${url}/livez`)).status, 200);
});

/** What a server says to some bytes, until it hangs up. */
async function raw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let told = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return told;
}

test('to close hangs up at once, also on those who say nothing', async (t) => {
  const server = await serve(t);
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /livez HT');
  await fetch(`${server.url}/livez`);
  const closed = once(socket, 'close');
  await server.close();
  await closed;
  await server.close();
  await t.throwsAsync(fetch(`${server.url}/livez`));
});

test('an address that cannot be had is an error that says what to do', async (t) => {
  const { url } = await serve(t);
  const taken = serveHealth(new DutyBoard(), { ...OPTIONS, port: Number(new URL(url).port) });
  const error = await t.throwsAsync(taken, { instanceOf: ServerError });
  t.regex(error.message, /^cannot serve probes and metrics on 127\.0\.0\.1:\d+: the port is in use; choose another /);
  const nowhere = serveHealth(new DutyBoard(), { ...OPTIONS, address: '192.0.2.1' });
  t.regex((await t.throwsAsync(nowhere)).message, /this machine does not have that address/);
});

test('the metrics of a process are well formed, with those of Node among them', async (t) => {
  const shop = await start(t, { world: SHOP + order('one', { count: 1 }) });
  const board = new DutyBoard();
  board.set({ type: 'working', kernel: shop.kernel, elected: false });
  const { url } = await serve(t, board);
  const answer = await fetch(`${url}/metrics`);
  t.is(answer.status, 200);
  t.is(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const families = parseExposition(await answer.text());
  t.true(families.has('nodejs_eventloop_lag_seconds'));
  t.true(families.has('process_resident_memory_bytes'));
  t.is(sampleOf(families, 'koreo_build_info', { version: '1.2.3', node: process.version }), 1);
});
