import { type FunctionTable, functionTable } from './cel-function.js';
import { CelLibrary } from './cel-library.js';
import { conversionFunctions } from './conversions.js';
import { formatFunctions } from './format.js';
import { pieceFunctions } from './pieces.js';
import { matchesFunction } from './regular-expression.js';
import { sizeFunction } from './size.js';
import { textFunctions } from './text.js';
import { timeFunctions } from './time.js';

/** CEL's own functions: the standard definitions and the extension for strings. */
export function standardFunctions(): FunctionTable {
  const library = new CelLibrary();
  return functionTable([
    sizeFunction,
    matchesFunction,
    ...conversionFunctions,
    ...textFunctions,
    ...pieceFunctions,
    ...timeFunctions(library),
    ...formatFunctions(library),
  ]);
}
