import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';

/** One instruction of a Dockerfile, with its continued lines joined. */
interface Instruction {
  readonly name: string;
  readonly args: string;
}

const instructions: readonly Instruction[] = readFileSync('Dockerfile', 'utf8')
  .replaceAll(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ name: line.split(' ', 1)[0] ?? '', args: line.slice(line.indexOf(' ') + 1).trim() }));

/** What is shipped: the last stage. */
const shipped = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));

const argsOf = (name: string, from = instructions): readonly string[] =>
  from.filter((one) => one.name === name).map(({ args }) => args);

/** What the build may take from the folder: the lines of .dockerignore that let something in. */
const letIn = readFileSync('.dockerignore', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1));

test('an image is made of what is there, and of nothing that .dockerignore keeps out', (t) => {
  const sources = argsOf('COPY')
    .filter((args) => !args.startsWith('--from='))
    .flatMap((args) => args.split(/\s+/).slice(0, -1));
  t.true(sources.length > 5);
  for (const source of sources) {
    t.true(existsSync(source), source);
    t.true(letIn.includes(source), `${source} in .dockerignore`);
  }
});

test('every room of the program is in the image, and no test', (t) => {
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly files: readonly string[] };
  const rooms = files.filter((file) => file.startsWith('dist/')).map((file) => file.slice('dist/'.length));
  t.true(rooms.length >= 5);
  for (const room of rooms) t.true(argsOf('COPY').includes(`${room} ${room}`), room);
  t.false(letIn.includes('test'));
});

test('what is shipped is not root, by number, and has neither shell nor development dependencies', (t) => {
  const user = argsOf('USER', shipped).at(-1) ?? '';
  t.regex(user, /^[1-9]\d*:[1-9]\d*$/);
  t.regex(argsOf('FROM', shipped)[0] ?? '', /^gcr\.io\/distroless\/.*:nonroot$/);
  t.deepEqual(argsOf('RUN', shipped), []);
  t.regex(argsOf('RUN').join('\n'), /npm prune --omit=dev/);
});

test('it starts the program, which is where the package says', (t) => {
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly bin: { readonly koreo: string } };
  const [command = ''] = argsOf('ENTRYPOINT', shipped);
  t.deepEqual(JSON.parse(command), ['/nodejs/bin/node', `/app/${bin.koreo}`]);
  t.deepEqual(argsOf('WORKDIR', shipped), ['/app']);
  t.deepEqual(argsOf('CMD', shipped), ['["run"]']);
});

test('it says what it is', (t) => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  const labels = argsOf('LABEL', shipped).join(' ');
  for (const key of ['title', 'description', 'licenses', 'version', 'revision']) {
    t.true(labels.includes(`org.opencontainers.image.${key}=`), key);
  }
  t.true(argsOf('ARG', shipped).includes(`VERSION=${version}`));
});

test('the pod of the chart runs as the user of the image', (t) => {
  const [uid = ''] = (argsOf('USER', shipped).at(-1) ?? '').split(':');
  t.true(readFileSync('config/helm/values.yaml', 'utf8').includes(`runAsUser: ${uid}`));
});
