import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { DEFINITION_KINDS, definitionSchemas, getAt, isList, isObject, type Json } from 'koreo-kernel';
import { definitionCrds } from 'koreo-kernel/config';
import { crdFile } from '../../../config/crds/crd-file.js';

test('config/crds holds what the schemas say (npm run manifests)', (t) => {
  const files = definitionCrds().map(crdFile);
  t.deepEqual(
    readdirSync('config/crds').filter((name) => name.endsWith('.yaml')),
    files.map(({ name }) => name).sort(),
  );
  for (const { name, text } of files) t.is(readFileSync(`config/crds/${name}`, 'utf8'), text, name);
});

/** Every schema inside a structural schema, itself first. */
function* schemasIn(schema: Json | undefined): Generator<{ readonly [key: string]: Json }> {
  if (!isObject(schema)) return;
  yield schema;
  yield* schemasIn(schema.items);
  yield* schemasIn(schema.additionalProperties);
  if (isObject(schema.properties)) for (const property of Object.values(schema.properties)) yield* schemasIn(property);
}

test('a schema of a CRD holds only what structural schemas may', (t) => {
  for (const crd of definitionCrds()) {
    const schema = getAt(crd, ['spec', 'versions', 0, 'schema', 'openAPIV3Schema']);
    for (const one of schemasIn(schema)) {
      for (const key of ['$ref', '$id', 'const', 'default', 'definitions', 'patternProperties'])
        t.false(key in one, key);
      t.false(isList(one.type));
      t.not(one.additionalProperties, false);
      t.not(typeof one.exclusiveMinimum, 'number');
      const open = one['x-kubernetes-preserve-unknown-fields'] === true || one['x-kubernetes-int-or-string'] === true;
      t.true(typeof one.type === 'string' || open);
    }
  }
});

test('every field of a definition is in its CRD, with its description', (t) => {
  const compare = (schema: Json | undefined, crd: Json | undefined, path: string): void => {
    if (!isObject(schema)) return;
    const description = getAt(crd, ['description']);
    t.true(typeof description === 'string' && description.startsWith(String(schema.description)), path);
    const fields = isObject(schema.properties) ? Object.entries(schema.properties) : [];
    for (const [name, field] of fields) compare(field, getAt(crd, ['properties', name]), `${path}.${name}`);
    if (schema.items !== undefined) compare(schema.items, getAt(crd, ['items']), `${path}[]`);
  };
  for (const [index, kind] of DEFINITION_KINDS.entries()) {
    const crd = definitionCrds()[index];
    t.is(getAt(crd, ['spec', 'names', 'kind']), kind);
    const whole = getAt(crd, ['spec', 'versions', 0, 'schema', 'openAPIV3Schema']);
    compare(getAt(definitionSchemas[kind], ['properties', 'spec']), getAt(whole, ['properties', 'spec']), kind);
  }
});
