import { lookup } from 'node:dns';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import test from 'ava';
import { ForbiddenError, InvalidResourceError, UnavailableError } from 'koreo-kernel';
import { createHttpHandler } from 'koreo-kernel/plugins/http';
import { VirtualClock } from 'koreo-kernel/testing';
import { expandUrl } from '../../../plugins/http/mapping/url-template.js';
import { AddressGuard } from '../../../plugins/http/wire/address-guard.js';
import { AllowedHosts } from '../../../plugins/http/wire/allowed-hosts.js';
import { Redactor } from '../../../plugins/http/wire/redactor.js';
import { fc } from '../../support/property.js';
import { tempFolder } from '../../support/temp-folder.js';
import { ApiServer, answer } from './support/api-server.js';
import { BOX_KIND, box, boxApi, boxRef, TOKEN } from './support/box-api.js';

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'link-local or reserved': [
    '169.254.169.254',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[::a9fe:a9fe]',
    '[fe80::1]',
    '[64:ff9b::a9fe:a9fe]',
    '[2002:a9fe:a9fe::1]',
    '[fd00:ec2::254]',
    '100.100.100.200',
    '168.63.129.16',
    '0.0.0.0',
    '[::]',
    '224.0.0.1',
    '255.255.255.255',
  ],
  private: [
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '[fc00::1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:c0a8:101]',
  ],
  loopback: ['127.0.0.1', '127.9.9.9', '[::1]', '[::ffff:127.0.0.1]', '[0:0:0:0:0:ffff:7f00:1]'],
};

for (const [kind, addresses] of Object.entries(REFUSED)) {
  for (const address of addresses) {
    test(`${address} is refused as a ${kind} address`, (t) => {
      const host = new URL(`http://${address}/`).hostname;
      const error = t.throws(() => new AddressGuard([]).checkHost(host));
      t.regex(error.message, new RegExp(`is at a ${kind} address`));
    });
  }
}

test('other ways to write an address are read as the address that they are', (t) => {
  for (const host of ['2130706433', '0x7f.1', '0177.0.0.1', '127.1']) {
    t.throws(() => new AddressGuard([]).checkHost(new URL(`http://${host}/`).hostname), { message: /loopback/ }, host);
  }
});

test('what is allowed is allowed, and link-local never is', (t) => {
  const guard = new AddressGuard(['private', 'loopback']);
  for (const host of ['10.0.0.1', '127.0.0.1', '[::1]', '[fc00::1]', '93.184.215.14', '[2606:2800:21f::1]'])
    guard.checkHost(host);
  for (const host of ['169.254.1.1', '[fe80::1]', '[::ffff:169.254.169.254]', '[fd00:ec2::254]', '100.100.100.200']) {
    t.throws(() => guard.checkHost(host), undefined, host);
  }
});

test('a name that leads to a refused address is refused when it is connected to, with nothing sent', async (t) => {
  const server = await ApiServer.start(t);
  const handler = createHttpHandler(
    { name: 'things', baseUrl: `http://inside.example:${server.port}`, kinds: [BOX_KIND] },
    {
      clock: new VirtualClock(),
      baseDirectory: '.',
      environment: () => undefined,
      resolve: (_host, options, done) => lookup('127.0.0.1', { ...options, all: true }, done),
    },
  );
  t.teardown(() => handler.close());
  const error = await t.throwsAsync(handler.read(boxRef('a'), {}), { instanceOf: ForbiddenError });
  t.regex(
    error.message,
    /was not sent: inside\.example is at a loopback address; if that is meant, add 'loopback' to `addresses`$/,
  );
  t.deepEqual(server.requests, []);
});

test('a name that changes its address after it was looked at gains nothing: each connection is looked at', async (t) => {
  const server = await ApiServer.start(t);
  server.put('/boxes/a', { name: 'a' });
  let asked = 0;
  const answers = ['127.0.0.1', '169.254.169.254'];
  const handler = createHttpHandler(
    { name: 'things', baseUrl: `http://rebinding.example:${server.port}`, addresses: ['loopback'], kinds: [BOX_KIND] },
    {
      clock: new VirtualClock(),
      baseDirectory: '.',
      environment: () => undefined,
      resolve: (_host, _options, done) => {
        done(null, [{ address: answers[asked] ?? '', family: 4 }]);
        asked += 1;
      },
    },
  );
  t.teardown(() => handler.close());
  server.fault = (_request, response) => {
    response.setHeader('connection', 'close');
    return false;
  };
  t.like(await handler.read(boxRef('a'), {}), { metadata: { name: 'a' } });
  await t.throwsAsync(handler.read(boxRef('a'), {}), { instanceOf: ForbiddenError, message: /link-local or reserved/ });
});

test('of several addresses of a name all must be allowed', (t) => {
  const resolve = (
    _host: string,
    _options: object,
    done: (error: null, all: { address: string; family: number }[]) => void,
  ) =>
    done(null, [
      { address: '93.184.215.14', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
  const results: (Error | null)[] = [];
  new AddressGuard([], resolve).lookup('two.example', { all: true }, (error) => results.push(error));
  t.regex(results[0]?.message ?? '', /loopback/);
});

test('hosts are those of the base URL and of the list, ports included', (t) => {
  const hosts = new AllowedHosts(new URL('https://api.example.com/v1'), [
    'files.example.com',
    '*.cdn.example',
    'x.example:8443',
  ]);
  const allowed = [
    'https://api.example.com/other',
    'https://files.example.com/a',
    'https://a.cdn.example/',
    'https://x.example:8443/',
  ];
  for (const url of allowed) t.is(hosts.objection(new URL(url)), undefined, url);
  const refused = [
    'http://api.example.com/',
    'https://api.example.com:444/',
    'https://evil.example/',
    'https://cdn.example/',
    'https://a.cdn.example.evil.example/',
    'https://x.example/',
    'https://user:pw@api.example.com/',
    'file:///etc/passwd',
  ];
  for (const url of refused) t.is(typeof hosts.objection(new URL(url)), 'string', url);
});

test('a redirect out of the hosts is not followed, and the other host hears nothing', async (t) => {
  const other = await ApiServer.start(t);
  const { server, handler } = await boxApi(t);
  server.fault = (_request, response) => {
    answer(response, 302, {}, { location: `${other.url}/boxes/a` });
    return true;
  };
  const error = await t.throwsAsync(handler.read(boxRef('a'), {}), { instanceOf: ForbiddenError });
  t.regex(error.message, /was led elsewhere: 127\.0\.0\.1:\d+ is not among the hosts of the API; add it to `hosts`/);
  t.deepEqual(other.requests, []);
});

test('a redirect to a host of the list is followed, without secrets', async (t) => {
  const other = await ApiServer.start(t);
  other.put('/moved/a', { name: 'a', size: 5 });
  const { server, handler } = await boxApi(t, {
    api: { hosts: [`127.0.0.1:${other.port}`], headers: { 'x-plain': 'yes' } },
  });
  server.fault = (_request, response) => {
    answer(response, 307, {}, { location: `${other.url}/moved/a` });
    return true;
  };
  t.like(await handler.read(boxRef('a'), {}), { spec: { size: 5 } });
  t.is(server.requests[0]?.headers.authorization, `Bearer ${TOKEN}`);
  t.is(other.requests[0]?.headers.authorization, undefined);
  t.is(other.requests[0]?.headers['x-plain'], 'yes');
});

test('redirects in a circle end', async (t) => {
  const { server, handler } = await boxApi(t);
  server.fault = ({ url }, response) => {
    answer(response, 302, {}, { location: url });
    return true;
  };
  await t.throwsAsync(handler.read(boxRef('a'), {}), {
    instanceOf: UnavailableError,
    message: /redirected more than 5 times$/,
  });
  t.is(server.requests.length, 6);
});

test('a write follows no redirect', async (t) => {
  const { server, handler } = await boxApi(t);
  server.fault = ({ method }, response) => {
    if (method === 'POST') answer(response, 307, {}, { location: '/elsewhere' });
    return method === 'POST';
  };
  await t.throwsAsync(handler.create(box('a', {}), {}), {
    instanceOf: ForbiddenError,
    message: /writes follow no redirects$/,
  });
  t.is(server.requests.length, 1);
});

test('a link to the next page that leads elsewhere is not followed', async (t) => {
  const { server, handler } = await boxApi(t, { without: ['read'] });
  server.fault = (_request, response) => {
    answer(response, 200, [], { link: '<https://evil.example/boxes>; rel="next"' });
    return true;
  };
  await t.throwsAsync(handler.read(boxRef('a'), {}), {
    instanceOf: ForbiddenError,
    message: /evil\.example is not among the hosts/,
  });
});

test('names that climb through the tree are refused before anything is sent', async (t) => {
  const { server, handler } = await boxApi(t);
  for (const name of ['.', '..', '%2e%2e', '.%2E']) {
    if (name.includes('%')) t.is(await handler.read(boxRef(name), {}), undefined);
    else await t.throwsAsync(handler.read(boxRef(name), {}), { instanceOf: InvalidResourceError });
  }
  t.deepEqual(server.newRequests(), ['GET /boxes/%252e%252e', 'GET /boxes/.%252E']);
});

test('whatever a name holds, it stays within its segment of the URL', (t) => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'binary' }), (name) => {
      let url: URL;
      try {
        url = new URL(`https://api.example${expandUrl('/v1/boxes/{name}/lid', { name })}`);
      } catch (error) {
        return error instanceof InvalidResourceError;
      }
      const [root, version, boxes, segment = '', lid, ...rest] = url.pathname.split('/');
      t.deepEqual([root, version, boxes, lid, rest, url.search, url.hash], ['', 'v1', 'boxes', 'lid', [], '', '']);
      return decodeURIComponent(segment) === name;
    }),
  );
});

test('a secret is in no resource, error, incident or message, however the API echoes it', async (t) => {
  const { server, handler } = await boxApi(t, { kind: { item: { name: 'name', spec: '', status: 'echo' } } });
  const encoded = Buffer.from(TOKEN).toString('base64');
  const seen: unknown[] = [];
  const echo = {
    name: 'a',
    [TOKEN]: TOKEN,
    echo: { said: `you sent Bearer ${TOKEN}`, again: encodeURIComponent(TOKEN), once: encoded },
  };
  server.fault = ({ headers }, response) => {
    t.is(headers.authorization, `Bearer ${TOKEN}`);
    answer(response, 200, echo);
    return true;
  };
  seen.push(await handler.read(boxRef('a'), {}));
  const refusals = [401, 403, 404, 409, 422, 429, 500];
  for (const status of refusals) {
    server.fault = (_request, response) => {
      answer(response, status, { message: `Authorization: Bearer ${TOKEN} (${encoded}) is bad` }, { 'x-echo': TOKEN });
      return true;
    };
    seen.push(await handler.create(box('b', { size: 1 }), {}).catch((error: unknown) => error));
  }
  server.fault = (_request, response) => {
    answer(response, 302, {}, { location: `https://evil.example/?token=${encodeURIComponent(TOKEN)}` });
    return true;
  };
  seen.push(await handler.read(boxRef('a'), {}).catch((error: unknown) => error));
  server.fault = (_request, response) => {
    response.destroy();
    return true;
  };
  seen.push(await handler.read(boxRef('a'), {}).catch((error: unknown) => error));
  const text = seen.map((one) => `${inspect(one, { depth: 20, showHidden: true })} ${JSON.stringify(one)}`).join('\n');
  for (const form of [TOKEN, encoded, encodeURIComponent(TOKEN)]) t.false(text.includes(form), form);
  t.regex(text, /you sent Bearer •••/);
  t.regex(text, /Authorization: Bearer ••• \(•••\) is bad/);
});

test('secrets come from files, too, and one that is replaced counts from the next request on', async (t) => {
  const folder = tempFolder(t, { token: 'first-token\n' });
  const { server, handler } = await boxApi(t, { api: { auth: { bearer: { fromFile: join(folder, 'token') } } } });
  await handler.read(boxRef('a'), {});
  writeFileSync(join(folder, 'token'), 'second-token\n');
  await handler.read(boxRef('a'), {});
  t.deepEqual(
    server.requests.map(({ headers }) => headers.authorization),
    ['Bearer first-token', 'Bearer second-token'],
  );
});

test('user and password are sent as they should be, and headers may hold secrets', async (t) => {
  const { server, handler } = await boxApi(t, {
    api: {
      auth: { basic: { user: 'ada', password: { fromEnv: 'PASSWORD' } } },
      headers: { 'X-Key': { fromEnv: 'KEY', prefix: 'key=' }, 'User-Agent': 'shop' },
    },
    environment: { PASSWORD: 'pass:word', KEY: 'k-e-y' },
  });
  await handler.read(boxRef('a'), {});
  t.like(server.requests[0]?.headers, {
    authorization: `Basic ${Buffer.from('ada:pass:word').toString('base64')}`,
    'x-key': 'key=k-e-y',
    'user-agent': 'shop',
  });
});

test('a secret that is not there, or that no header can hold, says where it should be and nothing of itself', async (t) => {
  const { handler } = await boxApi(t, { api: { auth: { bearer: { fromEnv: 'NOTHING' } } } });
  await t.throwsAsync(handler.read(boxRef('a'), {}), {
    instanceOf: UnavailableError,
    message: 'the environment variable NOTHING, which is to hold a secret, is not set',
  });
  const file = await boxApi(t, { api: { auth: { bearer: { fromFile: 'no/such/file' } } } });
  await t.throwsAsync(file.handler.read(boxRef('a'), {}), {
    message: 'the file no/such/file, which is to hold a secret, cannot be read (ENOENT)',
  });
  const split = await boxApi(t, { environment: { TOKEN: 'one\r\nX-Evil: two' } });
  const error = await t.throwsAsync(split.handler.read(boxRef('a'), {}), { instanceOf: UnavailableError });
  t.is(error.message, 'the value of the header Authorization has a line break, or other characters that none may have');
  t.deepEqual(split.server.requests, []);
});

test('a short secret does not blot out every text that holds its letters', (t) => {
  const redactor = new Redactor();
  redactor.cover('ab');
  redactor.cover('a-long-secret');
  t.is(redactor.text('about a-long-secret'), 'about •••');
});
