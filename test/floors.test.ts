import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

/** The project's root, from the compiled test's place in dist/test. */
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The kernel's floors from the ground up; rooms on one floor do not know each other. A room may use those below and itself. */
const floors: readonly (readonly string[])[] = [
  ['model'],
  ['contracts'],
  ['library', 'language'],
  ['definitions', 'resources'],
  ['runtime'],
  ['scheduler'],
  ['controller'],
  ['plugins'],
  ['composition'],
];

/** What each room outside the kernel may import from the project, besides itself. Public entrances only. */
const entrances = ['kernel/index.js', 'kernel/plugin.js', 'kernel/testing/index.js'];
const outside: Readonly<Record<string, readonly string[]>> = {
  plugins: entrances,
  adapters: [...entrances, 'adapters/files/'],
  config: [...entrances, 'plugins/', 'adapters/'],
  cli: [...entrances, 'plugins/', 'adapters/', 'config/index.js'],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

function sources(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => posix.join(entry.parentPath.slice(root.length).replaceAll('\\', '/'), entry.name));
}

/** Every static and dynamic import of a project file, types included: a floor is a matter of knowledge, not of code. */
function projectImports(folder: string): Import[] {
  return sources(folder).flatMap((from) => {
    const text = readFileSync(join(root, from), 'utf8');
    const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']*)'/g)].map((match) => match[1] ?? '');
    return specifiers.map((specifier) => ({ from, to: posix.normalize(posix.join(dirname(from), specifier)) }));
  });
}

function allowedInKernel({ from, to }: Import): boolean {
  if (!to.startsWith('kernel/')) return false;
  const [, fromRoom = '', ...fromRest] = from.split('/');
  const [, toRoom = '', ...toRest] = to.split('/');
  // kernel.ts, plugin.ts and index.ts stand on the roof; testing looks at the whole house, from beside it.
  if (fromRest.length === 0 || fromRoom === 'testing') return true;
  if (toRest.length === 0) return false;
  if (fromRoom === toRoom) return true;
  const fromFloor = floors.findIndex((rooms) => rooms.includes(fromRoom));
  const toFloor = floors.findIndex((rooms) => rooms.includes(toRoom));
  return fromFloor >= 0 && toFloor >= 0 && toFloor < fromFloor;
}

function allowedOutside({ from, to }: Import): boolean {
  const [room = '', folder = ''] = from.split('/');
  const own = room === 'plugins' || room === 'adapters' ? `${room}/${folder}/` : `${room}/`;
  return (
    to.startsWith(own) ||
    (outside[room] ?? []).some((prefix) => to === prefix || (prefix.endsWith('/') && to.startsWith(prefix)))
  );
}

test('an import in the kernel goes down the floors, never up, never sideways, never out', (t) => {
  const imports = projectImports('kernel');
  t.true(imports.length > 50);
  t.deepEqual(
    imports.filter((one) => !allowedInKernel(one)),
    [],
  );
});

test('plug-ins, adapters, configuration and CLI use only public entrances', (t) => {
  const imports = Object.keys(outside).flatMap((room) => projectImports(room));
  t.true(imports.length > 0);
  t.deepEqual(
    imports.filter((one) => !allowedOutside(one)),
    [],
  );
});

test('no circle of imports in the kernel', (t) => {
  const graph = new Map<string, string[]>();
  for (const { from, to } of projectImports('kernel')) {
    const target = to.replace(/\.js$/, '.ts');
    graph.set(from, [...(graph.get(from) ?? []), target]);
  }
  const done = new Set<string>();
  const trail: string[] = [];
  const circles: string[] = [];
  const visit = (file: string): void => {
    if (done.has(file)) return;
    const seen = trail.indexOf(file);
    if (seen >= 0) {
      circles.push([...trail.slice(seen), file].join(' → '));
      return;
    }
    trail.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    trail.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  t.deepEqual(circles, []);
});
