import test, { type ExecutionContext } from 'ava';
import { createKernel, type PluginEntry } from 'koreo-kernel';
import fileSystem from 'koreo-kernel/adapters/file-system';
import { ConfigError, loadConfig } from 'koreo-kernel/config';
import cel from 'koreo-kernel/plugins/cel';
import http from 'koreo-kernel/plugins/http';
import { MemoryStore, VirtualClock } from 'koreo-kernel/testing';
import { tempFolder } from '../../support/temp-folder.js';

const KIND = `
            - apiVersion: things.example/v1
              kind: Box
              item: {name: name, spec: {size: size}}
              read: {url: "/boxes/{name}"}`;

/** A configuration with these lines in the place of an API, and the kind beneath it. */
function config(api: string, kinds: string = KIND): string {
  return `plugins:
  - plugin: http
    options:
      apis:
        - name: things
${api.replace(/^(?=.)/gm, '          ')}
          kinds:${kinds}
`;
}

/** What is said of a configuration, one line a problem, without the file. */
async function complaints(t: ExecutionContext, text: string): Promise<readonly string[]> {
  const cwd = tempFolder(t, { 'koreo.config.yaml': text });
  try {
    await loadConfig({ cwd, builtIn: [cel, fileSystem], onDemand: { http: async () => http } });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').map((line) => line.replace(/^.*koreo\.config\.yaml:/, ''));
  }
}

test('options that are right are taken', async (t) => {
  t.deepEqual(await complaints(t, config('baseUrl: https://api.example.com/v1')), []);
});

test('what the schema refuses is told at its line, all at once', async (t) => {
  const said = await complaints(t, config('baseUrl: ftp://api.example.com\ntimeoutSecond: 3\naddresses: [public]'));
  t.is(said.length, 3, said.join('\n'));
  t.regex(said.join('\n'), /6:.*baseUrl/);
  t.regex(said.join('\n'), /7:.*timeoutSecond.*timeoutSeconds/);
  t.regex(said.join('\n'), /8:.*addresses/);
});

const MISTAKES: Readonly<Record<string, readonly [api: string, kinds: string, said: RegExp]>> = {
  'credentials in a URL, which are not repeated': [
    'baseUrl: https://ada:hunter2@api.example.com',
    KIND,
    /6:\d+ .*baseUrl: holds credentials: use `auth`/,
  ],
  'a secret that is sent in the open': [
    'baseUrl: http://api.example.com\nauth: {bearer: {fromEnv: TOKEN}}',
    KIND,
    /6:\d+ .*baseUrl: is not encrypted, and secrets are sent to it: use https/,
  ],
  'a secret in the configuration': [
    'baseUrl: https://api.example.com\nheaders: {Authorization: Bearer hunter2}',
    KIND,
    /7:\d+ .*headers\.Authorization: would hold a secret in the configuration: use `\{fromEnv: NAME\}`/,
  ],
  'a variable that is none': [
    'baseUrl: https://api.example.com',
    KIND.replace('{name}', '{nane}'),
    /url: there is no variable 'nane' here; did you mean 'name'\?/,
  ],
  'a URL that is not below the base': [
    'baseUrl: https://api.example.com',
    KIND.replace('"/boxes', '"https://evil.example/boxes'),
    /begins with a slash: it is below the base URL/,
  ],
  'a variable that is not encoded': [
    'baseUrl: https://api.example.com',
    KIND.replace('{name}', '{+name}'),
    /encodes its variables: `\{\+x\}` and `\{#x\}` would not/,
  ],
  'a list without names': [
    'baseUrl: https://api.example.com',
    `${KIND.replace('name: name, ', '')}\n              list: {url: /boxes}`,
    /item: needs `name`: items of a list are told apart by it/,
  ],
  'a list of all namespaces that says none': [
    'baseUrl: https://api.example.com',
    `${KIND.replace('/boxes/', '/shops/{namespace}/boxes/')}\n              list: {url: /boxes}`,
    /item: needs `namespace`, as the list is of all namespaces/,
  ],
  'entity tags where items are only listed': [
    'baseUrl: https://api.example.com',
    `
            - apiVersion: things.example/v1
              kind: Box
              item: {name: name, revision: etag}
              list: {url: /boxes}`,
    /item\.revision: needs a `read` of single items: lists give no ETag for each/,
  ],
  'pages by a cursor that says not where': [
    'baseUrl: https://api.example.com',
    `${KIND}\n              list: {url: /boxes, pages: {type: cursor, at: next}}`,
    /list\.pages: needs `query` for pages by cursor/,
  ],
  'one kind twice': [
    'baseUrl: https://api.example.com',
    KIND + KIND,
    /kinds\[1\]\.kind: there is another Box in things\.example\/v1/,
  ],
};

for (const [what, [api, kinds, said]] of Object.entries(MISTAKES)) {
  test(`${what}: the message says where it stands and what to do`, async (t) => {
    const all = (await complaints(t, config(api, kinds))).join('\n');
    t.regex(all, said);
    t.notRegex(all, /hunter2/);
  });
}

test('two mistakes are told together', async (t) => {
  const said = await complaints(
    t,
    config('baseUrl: https://ada:hunter2@api.example.com', KIND.replace('{name}', '{nane}')),
  );
  t.is(said.length, 2);
});

test('several kernels of one process start and stop it, each apart', async (t) => {
  const entry: PluginEntry = {
    plugin: http,
    options: {
      apis: [
        {
          name: 'things',
          baseUrl: 'https://api.example.com',
          kinds: [{ apiVersion: 'things.example/v1', kind: 'Box', read: { url: '/boxes/{name}' } }],
        },
      ],
    },
  };
  const kernels = [1, 2].map(() =>
    createKernel({ plugins: [cel, entry], stores: [new MemoryStore()], clock: new VirtualClock() }),
  );
  for (const kernel of kernels) await kernel.start();
  for (const kernel of kernels) t.like(await kernel.stop(), { brokenOff: 0 });
});
