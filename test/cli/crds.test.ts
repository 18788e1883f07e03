import { readFileSync } from 'node:fs';
import test from 'ava';
import { parse, parseAllDocuments } from 'yaml';
import { koreo } from '../support/koreo-here.js';
import { tempFolder } from '../support/temp-folder.js';

test.serial('koreo crds prints the CRDs that config/crds holds, as YAML and as a List', async (t) => {
  const cwd = tempFolder(t);
  const { code, stdout } = await koreo(['crds'], { cwd });
  t.is(code, 0);
  const printed = parseAllDocuments(stdout).map((document) => document.toJS());
  t.is(printed.length, 5);
  for (const crd of printed) t.deepEqual(crd, parse(readFileSync(`config/crds/${crd.metadata.name}.yaml`, 'utf8')));
  const list = JSON.parse((await koreo(['crds', '-o', 'json'], { cwd })).stdout);
  t.deepEqual(list, { apiVersion: 'v1', kind: 'List', items: printed });
});
