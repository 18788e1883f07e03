import { Fault } from '../fault.js';
import { isMapping, type Value } from '../values/kinds.js';
import type { Builtin, BuiltinParameter } from './builtin.js';
import type { StandardFunctions } from './standard-functions.js';

const NUMBER: BuiltinParameter = { name: 'number', type: 'number', context: true };
const PICTURE: BuiltinParameter = { name: 'picture', type: 'string' };

/** Pictures and texts to be parsed by them are short; JSONata works through long ones without end. */
const LONGEST = 200;

/** The largest number that is written in letters or words: Roman ones grow with it. */
const LARGEST = 1_000_000_000;

/** What reading a picture costs. */
const STEPS_PER_PICTURE = 100;

/** JSONata's own functions that read pictures, with what they are given checked first. */
export function pictureFunctions(standard: StandardFunctions): readonly Builtin[] {
  return [
    {
      name: 'formatNumber',
      parameters: [NUMBER, PICTURE, { name: 'options', type: 'mapping', optional: true }],
      call: ([number, picture, options], evaluation, focus) => {
        evaluation.spend(STEPS_PER_PICTURE);
        checkLength('formatNumber', picture);
        checkSymbols(options);
        return standard.call('formatNumber', [number, picture, options], focus);
      },
    },
    picture('formatInteger', { ...NUMBER, name: 'number' }, standard),
    picture('parseInteger', { name: 'text', type: 'string', context: true }, standard),
  ];
}

function picture(name: string, first: BuiltinParameter, standard: StandardFunctions): Builtin {
  return {
    name,
    parameters: [first, PICTURE],
    call: (args, evaluation, focus) => {
      evaluation.spend(STEPS_PER_PICTURE);
      for (const arg of args) checkArgument(name, arg);
      return standard.call(name, args, focus);
    },
  };
}

function checkLength(name: string, text: Value): void {
  if (typeof text === 'string' && text.length > LONGEST) {
    throw new Fault(`$${name}: texts of more than ${LONGEST} characters are not taken`);
  }
}

function checkArgument(name: string, arg: Value): void {
  checkLength(name, arg);
  if (typeof arg === 'number' && Math.abs(arg) > LARGEST)
    throw new Fault(`$${name}: numbers beyond ${LARGEST} are not taken`);
}

/** JSONata never comes to an end when a symbol is empty. */
function checkSymbols(options: Value): void {
  if (!isMapping(options)) return;
  const names = ['infinity', 'NaN'];
  for (const [name, symbol] of Object.entries(options)) {
    const isRight = typeof symbol === 'string' && (names.includes(name) ? symbol.length <= 32 : symbol.length === 1);
    if (!isRight) throw new Fault('$formatNumber: each of the `options` must be one character');
  }
}
