import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { chartFiles, crdFiles } from './deployment/chart-files.js';
import { plainManifests, RENDER } from './deployment/plain-manifests.js';

// `npm run manifests`, from the project's root. Helm is the one on the PATH, or the one that HELM names.
write(new Map(crdFiles().map(({ name, text }) => [`config/crds/${name}`, text])));
write(chartFiles());
const helm = process.env.HELM ?? 'helm';
const { status, stdout, stderr, error } = spawnSync(helm, RENDER, { encoding: 'utf8' });
if (status === 0) {
  write(plainManifests(stdout));
} else {
  process.stderr.write(`config/manifests stays as it is, for ${helm} gave none: ${error?.message ?? stderr}\n`);
  process.exitCode = 1;
}

function write(files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
