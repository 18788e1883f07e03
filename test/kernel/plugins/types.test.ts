import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { tempFolder } from '../../support/temp-folder.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

/** Plug-ins that are right, in all the ways in which one may be written. */
const RIGHT = `
import { definePlugin, defineFunction, type OptionsSchema, type Plugin, type StoreType } from 'koreo-kernel/plugin';
import { createKernel } from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';

interface Options { readonly size: number; readonly names?: readonly string[] }
const optionsSchema: OptionsSchema<Options> = {
  type: 'object',
  required: ['size'],
  properties: { size: { type: 'integer' }, names: { type: 'array', items: { type: 'string' } } },
  description: 'Some.',
};
export const withOptions: Plugin = definePlugin<Options>({
  name: 'a', apiVersion: 'v1', requires: ['b'], optionsSchema,
  register(registry, { options, baseDirectory, clock, environment, incident }) {
    const size: number = options.size;
    registry.function({
      name: 'f', summary: '',
      parameters: [{ name: 'a', type: 'string' }, { name: 'b', type: 'list' }, { name: 'c', type: 'mapping' }, { name: 'd', type: 'any' }],
      call: ([a, b, c, d]) => [a.toUpperCase(), b.length + size, Object.keys(c), d],
    });
    registry.lifecycle({ start: async ({ signal }) => signal.throwIfAborted(), stop() {} });
    clock.schedule(1, () => incident(new Error(baseDirectory + environment('X'))));
  },
});
export const plain: Plugin = definePlugin({ name: 'b', apiVersion: 'v1', register: () => {} });
export const shared = defineFunction({ name: 'g', summary: '', parameters: [{ name: 'n', type: 'int' }], call: ([n]) => n * 2 });
export const type: StoreType<{ readonly file: string }> = {
  type: 't', optionsSchema: {}, create: ({ name }, { file }) => new MemoryStore({ name: name + file.length }),
};
export const both = definePlugin({
  name: 'c', apiVersion: 'v1',
  register(registry) {
    registry.function(shared);
    registry.storeType(type);
  },
});
createKernel({ plugins: [plain, { plugin: withOptions, options: { size: 1 } }], stores: [] });
`;

/** Each is wrong in one way; what the compiler must say of it. */
const WRONG: Readonly<Record<string, readonly [code: string, pattern: RegExp]>> = {
  "definePlugin({ name: 'x', register: () => {} });": ['TS2345', /apiVersion/],
  "definePlugin({ name: 'x', apiVersion: 'v9', register: () => {} });": ['TS2322', /"v9"/],
  "definePlugin({ apiVersion: 'v1', register: () => {} });": ['TS2345', /name/],
  "definePlugin({ name: 'x', apiVersion: 'v1' });": ['TS2345', /register/],
  "definePlugin({ name: 'x', apiVersion: 'v1', start: () => {}, register: () => {} });": ['TS2353', /start/],
  "definePlugin({ name: 'x', apiVersion: 'v1', register: (_, { options }) => options.size.toFixed() });": [
    'TS2339',
    /toFixed/,
  ],
  "definePlugin<{ size: number }>({ name: 'x', apiVersion: 'v1', register: () => {} });": ['TS2345', /optionsSchema/],
  "definePlugin<{ size: number }>({ name: 'x', apiVersion: 'v1', optionsSchema: { type: 'object', properties: {} }, register: () => {} });":
    ['TS2741', /size/],
  "definePlugin<{ size: number }>({ name: 'x', apiVersion: 'v1', optionsSchema: { type: 'object', required: ['sise'], properties: { size: {} } }, register: () => {} });":
    ['TS2322', /"sise"/],
  "definePlugin({ name: 'x', apiVersion: 'v1', register: (r) => r.engine({ language: 'l' }) });": ['TS2741', /compile/],
  "definePlugin({ name: 'x', apiVersion: 'v1', register: (r) => r.observer({ name: 'o', onRun: ({ outcom }) => outcom }) });":
    ['TS2339', /outcom/],
  "definePlugin({ name: 'x', apiVersion: 'v1', register: (r) => r.resourceHandler({ name: 'h' }) });": [
    'TS2740',
    /claims/,
  ],
  "definePlugin({ name: 'x', apiVersion: 'v1', register: (r) => r.handler({}) });": ['TS2339', /handler/],
  "defineFunction({ name: 'f', summary: '', parameters: [{ name: 'a', type: 'text' }], call: () => 1 });": [
    'TS2322',
    /text/,
  ],
  "defineFunction({ name: 'f', summary: '', parameters: [{ name: 'a', type: 'int' }], call: ([a, b]) => 1 });": [
    'TS2493',
    /no element at index '1'/,
  ],
  "defineFunction({ name: 'f', summary: '', parameters: [], call: async () => 1 });": ['TS2322', /Promise/],
  "defineFunction({ name: 'f', summary: '', parameters: [], call: () => new Date() });": ['TS2322', /Date/],
};

/** What the compiler says of the files: a line each. */
async function diagnostics(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const compilerOptions = {
    ...{ target: 'es2023', module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true, types: ['node'] },
    exactOptionalPropertyTypes: true,
  };
  const folder = tempFolder(t, {
    'package.json': '{"type": "module"}',
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts'] }),
    ...files,
  });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/koreo-kernel'));
  symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'));
  const run = promisify(execFile)(process.execPath, [TSC, '--pretty', 'false'], { cwd: folder });
  const { stdout } = await run.catch((error: { readonly stdout: string }) => error);
  return stdout.split('\n').filter((line) => line !== '');
}

test('plug-ins that are right compile, in every way in which one may be written', async (t) => {
  t.timeout(120_000);
  t.deepEqual(await diagnostics(t, { 'right.ts': RIGHT }), []);
});

test('plug-ins that are wrong do not compile, and the compiler says where and what', async (t) => {
  t.timeout(120_000);
  const files = Object.keys(WRONG).map((source, index): [string, string] => [
    `wrong-${index}.ts`,
    `import { defineFunction, definePlugin } from 'koreo-kernel/plugin';\nexport const all = [defineFunction, definePlugin];\n${source}\n`,
  ]);
  const said = (await diagnostics(t, Object.fromEntries(files))).join('\n');
  for (const [index, [source, [code, pattern]]] of Object.entries(WRONG).entries()) {
    const about = said.split(/\n(?=\S)/).filter((line) => line.startsWith(`wrong-${index}.ts(3,`));
    t.true(about.length > 0, `it compiles: ${source}`);
    t.true(
      about.some((line) => line.includes(`error ${code}`) && pattern.test(line)),
      `${source}\n${about.join('\n')}`,
    );
  }
});
