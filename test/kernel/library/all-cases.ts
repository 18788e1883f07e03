import { base64Cases } from './base64-cases.js';
import type { FunctionCases } from './function-case.js';
import { jsonCases } from './json-cases.js';
import { listCases } from './list-cases.js';
import { mappingCases } from './mapping-cases.js';
import { referenceCases } from './reference-cases.js';
import { textCases } from './text-cases.js';

/** The cases of every function of the standard library; every language must give the same answers. */
export const allCases: FunctionCases = {
  ...referenceCases,
  ...mappingCases,
  ...listCases,
  ...textCases,
  ...jsonCases,
  ...base64Cases,
};
