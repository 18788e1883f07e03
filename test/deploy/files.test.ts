import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import type { JsonObject } from 'koreo-kernel';
import { parse } from 'yaml';
import { chartFiles } from '../../config/deployment/chart-files.js';
import { plainManifests, RENDER } from '../../config/deployment/plain-manifests.js';
import { helm, helmMissing, manifestsIn } from '../support/helm.js';

test('the schema of the values and the CRDs of the chart are up to date (npm run manifests)', (t) => {
  const files = chartFiles();
  for (const [path, text] of files) t.is(readFileSync(path, 'utf8'), text, path);
  t.is(readdirSync('config/helm/files/crds').length, files.size - 1);
});

test('the CRDs of the chart are those of config/crds', (t) => {
  const names = readdirSync('config/crds').filter((name) => name.endsWith('.yaml'));
  t.is(names.length, 5);
  for (const name of names) {
    t.is(readFileSync(`config/helm/files/crds/${name}`, 'utf8'), readFileSync(`config/crds/${name}`, 'utf8'));
  }
});

test('every value of the chart is described', (t) => {
  const schema = JSON.parse(readFileSync('config/helm/values.schema.json', 'utf8')) as JsonObject;
  const undescribed = valuesWithoutDescription(schema, []);
  t.deepEqual(undescribed, ['global']);
});

if (helmMissing !== undefined) test(`the plain manifests are not compared: ${helmMissing}`, (t) => t.pass());
(helmMissing === undefined ? test : test.skip)('the plain manifests are up to date (npm run manifests)', (t) => {
  const { stdout, stderr } = helm(RENDER);
  const files = plainManifests(stdout);
  t.is(files.size, 3, stderr);
  for (const [path, text] of files) t.is(readFileSync(path, 'utf8'), text, path);
});

test('the plain manifests begin with the namespace, and name nothing of Helm', (t) => {
  const texts = readdirSync('config/manifests')
    .sort()
    .map((name) => readFileSync(`config/manifests/${name}`, 'utf8'));
  const kinds = texts.flatMap(manifestsIn).map(({ kind }) => kind as string);
  t.is(kinds[0], 'Namespace');
  t.is(kinds.lastIndexOf('CustomResourceDefinition'), 5);
  t.is(kinds.at(-1), 'Deployment');
  for (const text of texts) t.notRegex(text, /helm\.sh|managed-by: Helm|# Source:/);
});

test('values.yaml passes its own schema, as far as names go', (t) => {
  const values = parse(readFileSync('config/helm/values.yaml', 'utf8')) as JsonObject;
  const { properties } = JSON.parse(readFileSync('config/helm/values.schema.json', 'utf8'));
  t.deepEqual([...Object.keys(values), 'global'], Object.keys(properties));
});

/** The paths of what the chart's own values do not describe; the configuration describes itself. */
function valuesWithoutDescription(schema: JsonObject, path: readonly string[]): readonly string[] {
  const properties = (schema.properties ?? {}) as Record<string, JsonObject>;
  return Object.entries(properties).flatMap(([name, property]) => {
    const here = [...path, name];
    const inside = name === 'config' ? [] : valuesWithoutDescription(property, here);
    return property.description === undefined ? [here.join('.'), ...inside] : inside;
  });
}
