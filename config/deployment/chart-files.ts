import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CrdFile, crdFile } from '../crds/crd-file.js';
import { definitionCrds } from '../crds/definition-crd.js';
import { valuesSchema } from './values-schema.js';

/** Where the chart is, from the project's root. */
export const CHART = 'config/helm';

/** The files of the CustomResourceDefinitions of the five kinds. */
export function crdFiles(): readonly CrdFile[] {
  return definitionCrds().map(crdFile);
}

/** The files of the chart that are made from others, by path: the schema of its values, and its copies of the CRDs. */
export function chartFiles(): ReadonlyMap<string, string> {
  const schema = valuesSchema(readFileSync(join(CHART, 'values.yaml'), 'utf8'));
  return new Map([
    [join(CHART, 'values.schema.json'), `${JSON.stringify(schema, undefined, 2)}\n`],
    // Helm reads nothing from outside of a chart's folder.
    ...crdFiles().map(({ name, text }) => [join(CHART, 'files/crds', name), text] as const),
  ]);
}
