import { textSteps } from '../../../kernel/plugin.js';
import { Bytes } from '../values/bytes.js';
import { isMapping, sizeOf } from '../values/mapping.js';
import { isList, lengthOf } from '../values/sequence.js';
import { type CelFunction, wrongArguments } from './cel-function.js';
import { countCharacters } from './code-points.js';

/** `size(x)`: characters of a text, bytes, items of a list, entries of a mapping. */
export const sizeFunction: CelFunction = {
  name: 'size',
  arity: 1,
  call: (args, budget) => {
    const [value = null] = args;
    if (isList(value)) return lengthOf(value);
    if (typeof value === 'string') {
      budget.spend(textSteps(value.length) - 1);
      return countCharacters(value);
    }
    if (value instanceof Bytes) return value.bytes.length;
    if (isMapping(value)) {
      const size = sizeOf(value);
      budget.spend(size);
      return size;
    }
    throw wrongArguments('size', args);
  },
};
