import { readFileSync } from 'node:fs';
import test from 'ava';
import { createWorkbench } from 'koreo-kernel';
import fileSystem from 'koreo-kernel/adapters/file-system';
import json from 'koreo-kernel/adapters/json';
import kubernetes from 'koreo-kernel/adapters/kubernetes';
import { CONFIG_FILE, loadConfig } from 'koreo-kernel/config';
import cel from 'koreo-kernel/plugins/cel';
import http from 'koreo-kernel/plugins/http';
import { configPage } from '../../config/config-page.js';
import { tempFolder } from '../support/temp-folder.js';

const builtIn = [cel, fileSystem, json, kubernetes];

test('docs/configuration.md says what the schema says (npm run docs)', (t) => {
  const { storeTypes } = createWorkbench({ plugins: builtIn });
  t.is(readFileSync('docs/configuration.md', 'utf8'), configPage(storeTypes.values(), [http]));
});

test('every option of the plug-in has a meaning on the page', (t) => {
  const page = configPage([], [http]);
  const rows = page
    .slice(page.indexOf('the plug-in `http`'))
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  t.true(rows.length > 50);
  for (const row of rows) t.regex(row, /^\| `[^|]+` \| [^|]+ \| [^|]* \| .{10,} \|$/);
});

test('the example of the page is a configuration that can be used', async (t) => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(configPage([])) ?? [];
  const cwd = tempFolder(t, { [CONFIG_FILE]: example });
  const { config } = await loadConfig({ cwd, builtIn });
  t.deepEqual(
    config.stores.map(({ type }) => type),
    ['file-system', 'json', 'file-system'],
  );
});

test('every key and every limit is on the page, with a meaning', async (t) => {
  const { config } = await loadConfig({ cwd: tempFolder(t), builtIn });
  const page = configPage([]);
  for (const key of [...Object.keys(config), ...Object.keys(config.limits).map((limit) => `limits.${limit}`)]) {
    t.regex(page, new RegExp(`^\\| \`${key}\` \\| [^|]+ \\| [^|]* \\| [^|]{10,} \\|$`, 'm'), key);
  }
});
