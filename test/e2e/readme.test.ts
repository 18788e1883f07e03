import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeKubeconfig } from '../support/cluster/kubeconfig.js';
import type { OwnCluster } from '../support/cluster/own-cluster.js';
import { findTool } from '../support/cluster/tools.js';
import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { startKoreo } from '../support/koreo.js';
import { tempFolder } from '../support/temp-folder.js';
import { letPodsRun, madeOf } from './support/website.js';

const { test } = useOwnCluster({ modern: true, tools: ['kubectl'] });

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MAIN = join(ROOT, 'dist/cli/main.js');

/** A command of a page, and the lines that it is shown to print; those that are left out, or are the word of the moment, are not among them. */
interface Shown {
  readonly command: string;
  readonly lines: readonly string[];
}

/** What a section of a page asks its reader to type. */
function commandsOf(page: string, heading: string): readonly Shown[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const section = text.slice(text.indexOf(`\n## ${heading}\n`) + 1).split(/^## /m)[1] ?? '';
  return [...section.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command = '', ...lines] = part.trimEnd().split('\n');
        return { command, lines: lines.map(comparable).filter((line) => line !== '' && line !== '…') };
      }),
  );
}

/** A line without what differs from time to time: ages, widths of columns. */
function comparable(line: string): string {
  return line
    .replace(/\b\d+[smhd](\d+[smh])?\b/g, 'AGE')
    .replace(/\s+/g, ' ')
    .trim();
}

for (const [page, heading] of [
  ['README.md', 'On Kubernetes'],
  ['docs/kubernetes.md', 'From nothing to a running Workflow'],
] as const) {
  test(`${page}: from nothing to a running Workflow, as it is typed there, and it prints what is shown`, async (t, cluster) => {
    const kubeconfig = join(tempFolder(t), 'kubeconfig');
    writeKubeconfig(kubeconfig, [{ ...cluster.context(), name: 'kind-kind' }]);
    const env = {
      KUBECONFIG: kubeconfig,
      PATH: [dirname(findTool('kubectl') ?? ''), process.env.PATH].join(delimiter),
    };
    const shown = commandsOf(page, heading);
    t.true(shown.length > 5);
    for (const { command, lines } of shown) {
      if (command.startsWith('kind create')) continue;
      if (command.startsWith('npx koreo run')) {
        startKoreo(t, command.split(' ').slice(2), { cwd: tempFolder(t), env });
        // Before the controller is ended, which has to let go of what it manages.
        t.teardown(() => uninstall(cluster, env));
        continue;
      }
      if (command.startsWith('kubectl wait')) await letPodsRun(cluster, 'hello');
      await eventually(`what ${page} shows of ${command}`, async () => {
        const printed = await outputOf(command, env);
        const missing = lines.filter((line) => !printed.includes(line));
        if (missing.length === 0) return true;
        throw new Error(`without\n${missing.join('\n')}\nin\n${printed.join('\n')}`);
      });
    }
  });
}

/** Leaves the cluster as it was before. */
async function uninstall(cluster: OwnCluster, env: Readonly<Record<string, string>>): Promise<void> {
  await outputOf('kubectl delete -f examples/cluster/website.yaml --timeout=60s', env);
  await outputOf('kubectl delete crds --all --timeout=60s', env);
  const { page, server, address } = madeOf('hello');
  for (const made of [page, server, address]) await cluster.remove(made);
}

/** The lines that a command prints, run as somebody would in a clone. */
function outputOf(command: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const line = command.replace(/\bnpx koreo\b/g, `"${process.execPath}" "${MAIN}"`);
  return new Promise((resolve) => {
    execFile('sh', ['-c', `{ ${line}; } 2>&1`], { cwd: ROOT, env: { ...process.env, ...env } }, (_error, stdout) =>
      resolve(stdout.split('\n').map(comparable)),
    );
  });
}
