import { getAt, type JsonObject } from '../../kernel/index.js';
import { manifestText } from './manifest-text.js';

const MADE = '# Made from the schemas of kernel/language by `npm run manifests`; edit those, not this file.\n';

/** The file that holds a CustomResourceDefinition in config/crds. */
export interface CrdFile {
  readonly name: string;
  readonly text: string;
}

/** The file of a CustomResourceDefinition: `workflows.koreo.dev.yaml`. */
export function crdFile(crd: JsonObject): CrdFile {
  return { name: `${getAt(crd, ['metadata', 'name'])}.yaml`, text: `${MADE}${manifestText([crd])}` };
}
