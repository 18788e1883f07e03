import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ended } from './koreo.js';
import { npm } from './plugin-project.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

type Manifest = Readonly<Record<string, unknown>>;

/** Packs a folder as it would be published, and gives the name of the file in the other folder. */
export async function pack(folder: string, into: string): Promise<string> {
  const { code, stdout, stderr } = await npm(['pack', '--ignore-scripts', '--json', '--pack-destination', into], {
    cwd: folder,
  });
  if (code !== 0) throw new Error(`npm pack failed: ${stderr}`);
  const [{ filename }] = JSON.parse(stdout) as [{ readonly filename: string }];
  return filename;
}

/** Packs this koreo-kernel as it was built. */
export async function packKernel(into: string): Promise<string> {
  return pack(ROOT, into);
}

/**
 * Installs this koreo-kernel into a folder from its package. The rest comes at the versions of this project's lock file, which
 * `npm ci` has just put into npm's cache, so that no network is needed.
 */
export async function installKernel(folder: string, tarball: string): Promise<Ended> {
  const lock = read('package-lock.json') as { readonly packages: Readonly<Record<string, Manifest>> };
  const { version, dependencies, bin, engines } = read('package.json');
  const locked = Object.entries(lock.packages).filter(([path, { dev, devOptional }]) =>
    isNeeded(path, dev ?? devOptional),
  );
  const own = { name: basename(folder), version: '1.0.0', private: true, type: 'module' };
  const wanted = { dependencies: { 'koreo-kernel': `file:${tarball}` }, devDependencies: { '@types/node': '*' } };
  write(join(folder, 'package.json'), { ...own, ...wanted });
  write(join(folder, 'package-lock.json'), {
    ...own,
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { ...own, ...wanted },
      'node_modules/koreo-kernel': { version, resolved: `file:${tarball}`, dependencies, bin, engines },
      ...Object.fromEntries(locked),
    },
  });
  return npm(['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder });
}

/** What koreo-kernel itself needs, and the types of Node.js, which declarations of packages speak of. */
function isNeeded(path: string, forDevelopment: unknown): boolean {
  if (path === '') return false;
  return forDevelopment !== true || path === 'node_modules/@types/node' || path === 'node_modules/undici-types';
}

function read(file: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Manifest;
}

function write(file: string, value: Manifest): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
