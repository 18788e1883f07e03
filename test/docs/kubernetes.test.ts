import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import plain, { type ExecutionContext } from 'ava';
import { parse, parseAllDocuments } from 'yaml';
import { writeKubeconfig } from '../support/cluster/kubeconfig.js';
import type { OwnCluster } from '../support/cluster/own-cluster.js';
import { findTool } from '../support/cluster/tools.js';
import { startAnotherCluster, useOwnCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { helmMissing, type Manifest, render } from '../support/helm.js';
import { startKoreo } from '../support/koreo.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
const PAGE = readFileSync('docs/kubernetes.md', 'utf8');
const README = readFileSync('README.md', 'utf8');

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'hello', namespace: 'default' } };

const { test } = useOwnCluster({ modern: true, tools: ['kubectl'] });

test('the page leads from an empty cluster to a Ready trigger, and prints what it shows', async (t, cluster) => {
  await walk(t, cluster, sectionOf(PAGE, 'From nothing to a running Workflow'));
});

test('so does the README', async (t) => {
  await walk(t, await startAnotherCluster(t, { modern: true }), sectionOf(README, 'On Kubernetes'));
});

plain('the rights that the page shows are those of the example', (t) => {
  const shown = blocksOf(PAGE, 'yaml').find((block) => block.includes('kind: ClusterRole'));
  t.deepEqual(parse(shown ?? ''), parseAllDocuments(readFileSync('examples/cluster/rbac.yaml', 'utf8'))[0]?.toJS());
});

plain('every value that the page names is one of the chart', (t) => {
  const values = parse(readFileSync('config/helm/values.yaml', 'utf8'));
  const named = [...PAGE.matchAll(/`(controller\.[\w.]+|crds\.\w+)(?:: [^`]*)?`/g)].map(([, path = '']) => path);
  t.true(named.length > 8);
  for (const path of named) {
    const found = path.split('.').reduce((at: Manifest, key) => at?.[key], values);
    t.not(found, undefined, path);
  }
});

(helmMissing === undefined ? plain : plain.skip)('every example of values is taken by the chart', (t) => {
  const examples = blocksOf(PAGE, 'yaml').filter((block) => /^(?:config|controller):/m.test(block));
  t.is(examples.length, 2);
  for (const example of examples) t.notThrows(() => render(parse(example)));
});

plain('every path of the project that is named is there', (t) => {
  for (const text of [PAGE, README]) {
    for (const [path] of text.matchAll(/\b(?:examples|config)\/[\w./-]*\w/g)) {
      t.true(existsSync(path) || path.includes('/out/'), path);
    }
  }
});

/** Does what a section shows, as a person with a cluster would. */
async function walk(t: ExecutionContext, cluster: OwnCluster, section: string): Promise<void> {
  const kubeconfig = join(tempFolder(t), 'kubeconfig');
  writeKubeconfig(kubeconfig, [{ ...cluster.context(), name: 'kind-kind' }]);
  const env = { KUBECONFIG: kubeconfig, NO_COLOR: '1' };
  const shown = commandsIn(section);
  t.true(shown.length >= 7);
  for (const { command, output } of shown) {
    if (command.startsWith('kind ')) continue;
    if (command.startsWith('npx koreo run')) {
      startKoreo(t, command.split(' ').slice(2), { cwd: tempFolder(t), env });
      continue;
    }
    // No pods run here: what a kubelet would bring about is said in its place.
    if (command.startsWith('kubectl wait')) await bringUp(cluster);
    const looks = / (?:get|inspect) /.test(command);
    const printed = looks ? await printedInTime(command, env, output) : await run(command, env);
    t.true(fits(printed, output), `${command}\n${printed}`);
  }
}

/** What a look shows once it is as the page has it, or at the end of its time. */
async function printedInTime(command: string, env: Readonly<Record<string, string>>, shown: string): Promise<string> {
  let printed = '';
  const asShown = async () => {
    printed = await run(command, env);
    return fits(printed, shown);
  };
  await eventually(command, asShown, 20_000).catch(() => undefined);
  return printed;
}

async function bringUp(cluster: OwnCluster): Promise<void> {
  const made = await eventually('the Deployment', () => cluster.get(DEPLOYMENT));
  const counts = { replicas: 2, readyReplicas: 2, availableReplicas: 2, updatedReplicas: 2 };
  const observedGeneration = Number(made.metadata.generation ?? 1);
  await cluster.patch(DEPLOYMENT, { status: { ...counts, observedGeneration } }, 'status');
}

async function run(command: string, env: Readonly<Record<string, string>>): Promise<string> {
  const line = command.replace(/^npx koreo\b/, `"${process.execPath}" "${MAIN}"`);
  const path = `${dirname(findTool('kubectl') ?? '')}:${process.env.PATH}`;
  const called = promisify(execFile)('sh', ['-c', line], { env: { ...process.env, ...env, PATH: path } });
  // A command that ends with another code than 0 prints as any other.
  const { stdout, stderr } = await called.catch((error: { readonly stdout: string; readonly stderr: string }) => error);
  return stdout === '' ? stderr : stdout;
}

/** Whether every line that is shown was printed, in its order, but for ages; where the page says `…`, there is more. */
function fits(printed: string, shown: string): boolean {
  const lines = comparable(printed);
  const wanted = comparable(shown);
  if (!wanted.includes('…')) return JSON.stringify(lines) === JSON.stringify(wanted);
  const places = wanted.filter((line) => line !== '…').map((line) => lines.indexOf(line));
  return places.every((place, index) => place > (places[index - 1] ?? -1));
}

function comparable(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/ +\d+[smh]$/, ' AGE').trimEnd())
    .filter((line) => line !== '');
}

function commandsIn(section: string): readonly { readonly command: string; readonly output: string }[] {
  return blocksOf(section, 'console').flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const end = text.indexOf('\n');
        return { command: text.slice(0, end), output: text.slice(end + 1) };
      }),
  );
}

function blocksOf(text: string, language: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block = '']) => block);
}

function sectionOf(text: string, title: string): string {
  const [, rest = ''] = text.split(`\n## ${title}\n`);
  return rest.split('\n## ')[0] ?? '';
}
