import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { UnavailableError } from 'koreo-kernel';
import { createHttpHandler, type HttpHandler, type TlsOptions } from 'koreo-kernel/plugins/http';
import { VirtualClock } from 'koreo-kernel/testing';
import { type Certificates, makeCertificates } from '../../support/cluster/certificates.js';
import { tempFolder } from '../../support/temp-folder.js';
import { answer } from './support/api-server.js';
import { BOX_KIND, boxRef } from './support/box-api.js';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const tlsTest = hasOpenssl
  ? test
  : (title: string, _run: unknown) => test.skip(`${title} (skipped: there is no openssl)`, () => undefined);

interface SecureApi {
  readonly certificates: Certificates['files'];
  /** The names that clients have proved, one for each request; undefined for a client that proved none. */
  readonly clients: (string | undefined)[];
  handler(tls: TlsOptions, host?: string): HttpHandler;
}

/** An API whose certificate is from an authority of its own, for 127.0.0.1 and localhost. */
async function secureApi(t: ExecutionContext): Promise<SecureApi> {
  const { files } = makeCertificates(tempFolder(t));
  const clients: (string | undefined)[] = [];
  const options = {
    cert: readFileSync(files.certificate),
    key: readFileSync(files.key),
    requestCert: true,
    rejectUnauthorized: false,
  };
  const server = createServer(options, (request, response) => {
    const peer = request.socket instanceof TLSSocket ? request.socket.getPeerCertificate() : undefined;
    clients.push(peer?.subject?.CN?.toString());
    answer(response, 200, { id: 1, name: 'a', size: 3 });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const handler = (tls: TlsOptions, host = '127.0.0.1'): HttpHandler => {
    const made = createHttpHandler(
      { name: 'things', baseUrl: `https://${host}:${port}`, addresses: ['loopback'], tls, kinds: [BOX_KIND] },
      {
        clock: new VirtualClock(),
        baseDirectory: '/',
        environment: () => undefined,
        resolve: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
      },
    );
    t.teardown(() => made.close());
    return made;
  };
  return { certificates: files, clients, handler };
}

tlsTest('an authority of its own is trusted when it is named, and otherwise not', async (t) => {
  const { certificates, clients, handler } = await secureApi(t);
  const error = await t.throwsAsync(handler({}).read(boxRef('a'), {}), { instanceOf: UnavailableError });
  t.regex(error.message, /its certificate is from nobody whom we trust; name the authority in `tls\.caFile`$/);
  t.deepEqual(clients, [], 'nothing is sent to whom nobody trusts');
  t.like(await handler({ caFile: certificates.ca }).read(boxRef('a'), {}), { spec: { size: 3 } });
});

tlsTest('a certificate for another host is refused, unless that is the name that is expected', async (t) => {
  const { certificates, handler } = await secureApi(t);
  const { ca: caFile } = certificates;
  const error = await t.throwsAsync(handler({ caFile }, 'elsewhere.example').read(boxRef('a'), {}));
  t.regex(error.message, /its certificate is for another host$/);
  t.like(await handler({ caFile, serverName: 'localhost' }, 'elsewhere.example').read(boxRef('a'), {}), {
    spec: { size: 3 },
  });
});

tlsTest('a certificate of ours is shown', async (t) => {
  const { certificates, clients, handler } = await secureApi(t);
  const { ca: caFile, certificate: certFile, key: keyFile } = certificates;
  await handler({ caFile, certFile, keyFile }).read(boxRef('a'), {});
  t.deepEqual(clients, ['kube-apiserver']);
});

tlsTest('a file that is not there is named, and looked for again', async (t) => {
  const { handler } = await secureApi(t);
  const broken = handler({ caFile: '/no/such/ca.crt' });
  for (const _again of [1, 2]) {
    await t.throwsAsync(broken.read(boxRef('a'), {}), {
      instanceOf: UnavailableError,
      message: '/no/such/ca.crt, which `tls` names, cannot be read (ENOENT)',
    });
  }
});
