import { mkdirSync, writeFileSync } from 'node:fs';
import { crdFile } from './crds/crd-file.js';
import { definitionCrds } from './crds/definition-crd.js';

// `npm run manifests`, from the project's root.
mkdirSync('config/crds', { recursive: true });
for (const crd of definitionCrds()) {
  const { name, text } = crdFile(crd);
  writeFileSync(`config/crds/${name}`, text);
}
