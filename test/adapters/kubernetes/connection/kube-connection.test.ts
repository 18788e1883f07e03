import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type JsonObject, UnavailableError } from 'koreo-kernel';
import { VirtualClock } from 'koreo-kernel/testing';
import { HttpApiClient } from '../../../../adapters/kubernetes/api/http-api-client.js';
import { CredentialsError } from '../../../../adapters/kubernetes/connection/connection.js';
import type { ConnectionOptions } from '../../../../adapters/kubernetes/connection/connection-options.js';
import { KubeConnection } from '../../../../adapters/kubernetes/connection/kube-connection.js';
import { tempFolder, writeFiles } from '../../../support/temp-folder.js';

/** A server that lets some tokens in, and remembers the headers of every request. */
interface Doorkeeper {
  readonly url: string;
  readonly tokens: Set<string>;
  readonly seen: IncomingHttpHeaders[];
}

async function doorkeeper(t: ExecutionContext): Promise<Doorkeeper> {
  const tokens = new Set<string>();
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    const token = request.headers.authorization?.replace('Bearer ', '');
    response.statusCode = tokens.size === 0 || (token !== undefined && tokens.has(token)) ? 200 : 401;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tokens, seen };
}

function kubeconfigOf(server: string, user: JsonObject, context: JsonObject = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user }],
    contexts: [
      { name: 'here', context: { cluster: 'c', user: 'u', ...context } },
      { name: 'there', context: { cluster: 'c', user: 'nobody' } },
    ],
  });
}

function clientOf(t: ExecutionContext, options: ConnectionOptions): { client: HttpApiClient; clock: VirtualClock } {
  const clock = new VirtualClock();
  const connection = new KubeConnection(options, clock);
  const client = new HttpApiClient({ connection, clock, requestTimeoutSeconds: 30 });
  t.teardown(() => client.close());
  return { client, clock };
}

const ASK = { method: 'GET', path: '/version', verb: 'get' } as const;

/** A client for a kubeconfig whose user is as given. */
function asUser(
  t: ExecutionContext,
  url: string,
  user: JsonObject,
  files: Readonly<Record<string, string>> = {},
): { client: HttpApiClient; clock: VirtualClock; folder: string } {
  const folder = tempFolder(t, { config: kubeconfigOf(url, user), ...files });
  return { ...clientOf(t, { kubeconfig: join(folder, 'config') }), folder };
}

test('a token of the kubeconfig goes with each request', async (t) => {
  const door = await doorkeeper(t);
  door.tokens.add('abc');
  const { client } = asUser(t, door.url, { token: 'abc' });
  await client.send(ASK);
  t.is(door.seen[0]?.authorization, 'Bearer abc');
  t.is(door.seen[0]?.['user-agent'], 'koreo-kernel');
});

test('a token that was changed in its file is read when the old one is refused, and the request is done', async (t) => {
  const door = await doorkeeper(t);
  door.tokens.add('first');
  const { client, folder } = asUser(t, door.url, { tokenFile: 'token' }, { token: 'first\n' });
  await client.send(ASK);
  door.tokens.clear();
  door.tokens.add('second');
  writeFileSync(join(folder, 'token'), 'second\n');
  await client.send(ASK);
  t.deepEqual(
    door.seen.map(({ authorization }) => authorization),
    ['Bearer first', 'Bearer first', 'Bearer second'],
  );
});

test('a token that stays refused is asked with no more than it must be', async (t) => {
  const door = await doorkeeper(t);
  door.tokens.add('right');
  const { client } = asUser(t, door.url, { token: 'wrong' });
  for (let turn = 0; turn < 5; turn++) await t.throwsAsync(client.send(ASK), { instanceOf: UnavailableError });
  t.is(door.seen.length, 6);
});

/** A command that prints `token-1`, then `token-2`, and so on. */
function counter(folder: string, status: string): string {
  const command = join(folder, 'login.sh');
  const count = join(folder, 'count');
  writeFileSync(
    command,
    `#!/bin/sh
n=$(($(cat '${count}' 2>/dev/null || echo 0) + 1)); echo $n > '${count}'; printf '%s' "$KUBERNETES_EXEC_INFO" > '${folder}/info'
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"token-%s"${status}}}' $n
`,
  );
  chmodSync(command, 0o755);
  return command;
}

const EXEC = { apiVersion: 'client.authentication.k8s.io/v1', command: './login.sh', interactiveMode: 'Never' };

test('a plug-in for authentication is run once for many requests, though it says nothing of an end', async (t) => {
  const door = await doorkeeper(t);
  const { client, folder } = asUser(t, door.url, { exec: EXEC });
  counter(folder, '');
  await Promise.all(Array.from({ length: 8 }, () => client.send(ASK)));
  await client.send(ASK);
  t.is(readFileSync(join(folder, 'count'), 'utf8').trim(), '1');
  t.deepEqual(JSON.parse(readFileSync(join(folder, 'info'), 'utf8')), {
    apiVersion: EXEC.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false },
  });
});

test('a plug-in is run again when its token is refused, whatever end it said, and the request is done', async (t) => {
  const door = await doorkeeper(t);
  door.tokens.add('token-2');
  const { client, folder } = asUser(t, door.url, { exec: EXEC });
  counter(folder, ',"expirationTimestamp":"2999-01-01T00:00:00Z"');
  await client.send(ASK);
  t.deepEqual(
    door.seen.map(({ authorization }) => authorization),
    ['Bearer token-1', 'Bearer token-2'],
  );
});

test('many requests that are refused together renew the credentials once', async (t) => {
  const door = await doorkeeper(t);
  door.tokens.add('token-1');
  const { client, folder } = asUser(t, door.url, { exec: EXEC });
  counter(folder, '');
  await client.send(ASK);
  door.tokens.clear();
  door.tokens.add('token-2');
  await Promise.all(Array.from({ length: 8 }, () => client.send(ASK)));
  t.is(readFileSync(join(folder, 'count'), 'utf8').trim(), '2');
});

test('a plug-in that is missing, fails, or prints nonsense is told of, without what it printed', async (t) => {
  const door = await doorkeeper(t);
  const folder = tempFolder(t, { config: kubeconfigOf(door.url, { exec: EXEC }) });
  const { client } = clientOf(t, { kubeconfig: join(folder, 'config') });
  const login = join(folder, 'login.sh');
  const missing = await t.throwsAsync(client.send(ASK), { instanceOf: CredentialsError });
  t.regex(
    missing?.message ?? '',
    /^no credentials for http:.*: the command '.*login.sh' of the kubeconfig's user is not installed$/,
  );
  writeFileSync(login, '#!/bin/sh\necho "hunter2-token" ; exit 0\n', { mode: 0o755 });
  const nonsense = await t.throwsAsync(client.send(ASK), { instanceOf: CredentialsError });
  t.regex(nonsense?.message ?? '', /printed no ExecCredential$/);
  writeFileSync(login, '#!/bin/sh\necho "you are not logged in" >&2 ; exit 3\n', { mode: 0o755 });
  const failed = await t.throwsAsync(client.send(ASK), { instanceOf: CredentialsError });
  t.regex(failed?.message ?? '', /failed: you are not logged in$/);
  t.is(door.seen.length, 0);
});

test('impersonation by the configuration, with groups and uid', async (t) => {
  const door = await doorkeeper(t);
  const folder = tempFolder(t, { config: kubeconfigOf(door.url, {}) });
  const impersonate = { user: 'jane', groups: ['dev', 'ops'], uid: '42' };
  const { client } = clientOf(t, { kubeconfig: join(folder, 'config'), impersonate });
  await client.send(ASK);
  t.like(door.seen[0], { 'impersonate-user': 'jane', 'impersonate-group': 'dev, ops', 'impersonate-uid': '42' });
});

test('impersonation by the kubeconfig, with groups, uid and extra fields; the configuration comes before it', async (t) => {
  const door = await doorkeeper(t);
  const user = { as: 'jane', 'as-groups': ['dev'], 'as-uid': '42', 'as-user-extra': { 'a.b/Scope': ['x', 'y'] } };
  const { client } = asUser(t, door.url, user);
  await client.send(ASK);
  t.like(door.seen[0], {
    'impersonate-user': 'jane',
    'impersonate-group': 'dev',
    'impersonate-uid': '42',
    'impersonate-extra-a.b%2fscope': 'x, y',
  });
  const folder = tempFolder(t, { config: kubeconfigOf(door.url, user) });
  const other = clientOf(t, { kubeconfig: join(folder, 'config'), impersonate: { user: 'joe' } });
  await other.client.send(ASK);
  t.is(door.seen[1]?.['impersonate-user'], 'joe');
  t.is(door.seen[1]?.['impersonate-group'], undefined);
});

test('a user by name and password', async (t) => {
  const door = await doorkeeper(t);
  const { client } = asUser(t, door.url, { username: 'jane', password: 'pass' });
  await client.send(ASK);
  t.is(door.seen[0]?.authorization, `Basic ${Buffer.from('jane:pass').toString('base64')}`);
});

test('what is wrong with a kubeconfig is told, with what to do, and mended without a new start', async (t) => {
  const folder = tempFolder(t);
  const kubeconfig = join(folder, 'config');
  const refusal = async (text: string | undefined, more: ConnectionOptions = {}): Promise<string> => {
    if (text !== undefined) writeFiles(folder, { config: text });
    const { client } = clientOf(t, { kubeconfig, ...more });
    const error = await t.throwsAsync(client.send(ASK), { instanceOf: CredentialsError });
    return error?.message ?? '';
  };
  t.regex(await refusal(undefined), /^the kubeconfig .*config cannot be read: ENOENT/);
  const broken = await refusal('users:\n- name: a\n  user: {token: "hunter2\n');
  t.regex(broken, /^the kubeconfig .*config is no YAML: see line \d+$/);
  t.regex(await refusal('just text'), /is no mapping$/);
  const good = kubeconfigOf('http://127.0.0.1:1', {});
  t.is(await refusal(good, { context: 'prod' }), "the kubeconfig has no context 'prod': it has 'here', 'there'");
  t.regex(await refusal(good, { context: 'there' }), /^context 'there' of the kubeconfig names no user that it has$/);
  t.regex(await refusal(kubeconfigOf('http://far.example', {})), /is not on this machine, and has no TLS/);
  t.regex(await refusal(kubeconfigOf('nonsense', {})), /is no URL$/);

  const door = await doorkeeper(t);
  writeFiles(folder, { config: 'just text' });
  const { client } = clientOf(t, { kubeconfig });
  await t.throwsAsync(client.send(ASK), { instanceOf: CredentialsError });
  writeFiles(folder, { config: kubeconfigOf(door.url, {}) });
  await t.notThrowsAsync(client.send(ASK));
  t.true(existsSync(kubeconfig));
});

test('who gives up before the credentials are refused is told of nothing but that', async (t) => {
  const { client } = clientOf(t, { kubeconfig: join(tempFolder(t), 'none') });
  const unheard: unknown[] = [];
  const onUnheard = (reason: unknown): void => void unheard.push(reason);
  process.on('unhandledRejection', onUnheard);
  t.teardown(() => process.off('unhandledRejection', onUnheard));
  const controller = new AbortController();
  const asking = client.send({ ...ASK, signal: controller.signal });
  const reason = new Error('enough');
  controller.abort(reason);
  t.is(await t.throwsAsync(asking), reason);
  await t.throwsAsync(client.send(ASK), { instanceOf: CredentialsError });
  t.deepEqual(unheard, []);
});

test('a server that has moved is found when its kubeconfig says so', async (t) => {
  const door = await doorkeeper(t);
  const { client, clock, folder } = asUser(t, 'http://127.0.0.1:1', {});
  await t.throwsAsync(client.send(ASK), { instanceOf: UnavailableError });
  writeFiles(folder, { config: kubeconfigOf(door.url, {}) });
  await clock.advance(10_000);
  await t.throwsAsync(client.send(ASK), { instanceOf: UnavailableError });
  await t.notThrowsAsync(client.send(ASK));
});

test("the context's namespace is known", async (t) => {
  const folder = tempFolder(t, { config: kubeconfigOf('http://127.0.0.1:1', {}, { namespace: 'team' }) });
  const connection = new KubeConnection({ kubeconfig: join(folder, 'config') }, new VirtualClock());
  t.is((await connection.credentials()).namespace, 'team');
});

test("a server's own path comes before that of a request", async (t) => {
  const folder = tempFolder(t);
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/k8s/clusters/c-1/`;
  writeFiles(folder, { config: kubeconfigOf(url, {}) });
  const { client } = clientOf(t, { kubeconfig: join(folder, 'config') });
  await client.send({ ...ASK, path: '/api/v1/pods', query: { limit: '5', labelSelector: 'a=b,c=ü' } });
  t.deepEqual(paths, ['/k8s/clusters/c-1/api/v1/pods?limit=5&labelSelector=a%3Db%2Cc%3D%C3%BC']);
});

test('a proxy that the kubeconfig names is gone through', async (t) => {
  const door = await doorkeeper(t);
  const tunnels: string[] = [];
  const proxy = createServer((_request, response) => response.end());
  proxy.on('connect', ({ url = '' }, socket) => {
    tunnels.push(url);
    const [host = '', port] = url.split(':');
    const onward = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    onward.pipe(socket).pipe(onward);
    for (const end of [onward, socket]) end.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const { port } = proxy.address() as AddressInfo;
  const config = JSON.parse(kubeconfigOf(door.url, { token: 'abc' })) as { clusters: [{ cluster: JsonObject }] };
  const cluster = { ...config.clusters[0].cluster, 'proxy-url': `http://127.0.0.1:${port}` };
  const folder = tempFolder(t, { config: JSON.stringify({ ...config, clusters: [{ name: 'c', cluster }] }) });
  const { client } = clientOf(t, { kubeconfig: join(folder, 'config') });
  await client.send(ASK);
  t.deepEqual([tunnels, door.seen[0]?.authorization], [[new URL(door.url).host], 'Bearer abc']);
});
