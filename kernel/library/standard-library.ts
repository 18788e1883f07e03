import type { FunctionLibrary, LibraryFunction } from '../contracts/function-library.js';
import { base64Functions } from './base64.js';
import { jsonFunctions } from './json.js';
import { listFunctions } from './lists.js';
import { mappingFunctions } from './mappings.js';
import { referenceFunctions } from './references.js';
import { textFunctions } from './text.js';

/** The functions that every expression can call, before plug-ins add theirs. A new map each time; the caller may extend it. */
export function standardLibrary(): Map<string, LibraryFunction> & FunctionLibrary {
  const all = [
    referenceFunctions,
    mappingFunctions,
    listFunctions,
    textFunctions,
    jsonFunctions,
    base64Functions,
  ].flat();
  return new Map(all.map((definition) => [definition.name, definition]));
}
