import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { exchange, readBody } from '../../../../adapters/kubernetes/api/exchange.js';
import { makeCertificates } from '../../../support/cluster/certificates.js';
import { Gate } from '../../../support/gate.js';
import { ServerThread, type ServerTls } from '../../../support/server-thread.js';
import { tempFolder } from '../../../support/temp-folder.js';

const BODIES = ['{}', 'x'.repeat(400_000), undefined];
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** Sends a request, waits for its end, and tells whether it came in whole while `beforeLeaving`'s turn of the loop was held. */
async function cameAtOnce(server: ServerThread, agent: PlainAgent, body: string | undefined): Promise<boolean> {
  let came = false;
  const { signal } = new AbortController();
  const beforeLeaving = (): void => {
    const { requests } = server;
    // Behind what is done now, and before anything that would have to wait for an event.
    process.nextTick(() => {
      came = server.holdUntilMoreThan(requests);
    });
  };
  const wire = { url: server.url, method: 'POST', headers: {}, agent, signal, beforeLeaving };
  await readBody(await exchange({ ...wire, ...(body !== undefined && { body }) }));
  return came;
}

async function leavesAtOnce(t: ExecutionContext, server: ServerThread, agent: PlainAgent): Promise<void> {
  t.teardown(() => agent.destroy());
  // The first goes over a new connection, the others over the one that was kept.
  for (const body of BODIES) {
    t.true(await cameAtOnce(server, agent, body), `${body?.length ?? 'no'} bytes`);
    // The agent takes the connection back.
    await after(0);
  }
}

function certificates(t: ExecutionContext): { readonly ca: string; readonly tls: Omit<ServerTls, 'maxVersion'> } {
  const { ca, files } = makeCertificates(tempFolder(t));
  return { ca, tls: { key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.certificate, 'utf8') } };
}

const tlsTest = hasOpenssl
  ? test
  : (title: string, _run: unknown) => test.skip(`${title} (skipped: there is no openssl)`, () => undefined);

test('a request that may leave has left in the same turn of the loop', async (t) => {
  await leavesAtOnce(t, await ServerThread.start(t), new PlainAgent({ keepAlive: true }));
});

tlsTest('so it has over TLS, on a new connection as well as on one that was kept', async (t: ExecutionContext) => {
  const { ca, tls } = certificates(t);
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    await leavesAtOnce(
      t,
      await ServerThread.start(t, { ...tls, maxVersion }),
      new SecureAgent({ keepAlive: true, ca }),
    );
  }
});

tlsTest('a request is kept back for a reason that comes up during the handshake', async (t: ExecutionContext) => {
  const { ca, tls } = certificates(t);
  const server = await ServerThread.start(t, { ...tls, maxVersion: 'TLSv1.3' });
  const [greeted, gate] = [new Gate(), new Gate()];
  const front = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('readable', async () => {
        greeted.open();
        await gate.opened;
        socket
          .pipe(connect(Number(server.url.port), '127.0.0.1'))
          .on('error', () => undefined)
          .pipe(socket);
      });
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  const agent = new SecureAgent({ keepAlive: true, ca });
  t.teardown(() => {
    agent.destroy();
    front.close();
  });
  const url = new URL(`https://127.0.0.1:${(front.address() as AddressInfo).port}`);
  let reason: Error | undefined;
  const beforeLeaving = (): void => {
    if (reason !== undefined) throw reason;
  };
  const { signal } = new AbortController();
  const sending = exchange({ url, method: 'POST', headers: {}, agent, body: '{}', signal, beforeLeaving });
  await greeted.opened;
  reason = new Error('too late');
  gate.open();
  t.is(await t.throwsAsync(sending), reason);
  t.is(server.requests, 0);
});
