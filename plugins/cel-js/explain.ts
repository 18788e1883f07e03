import { CelEvaluationError, CelTypeError } from 'cel-js';
import { ExpressionEvaluationError, FunctionError, KoreoError, type Position } from '../../kernel/plugin.js';
import { Fault } from './fault.js';

/** What cel-js says that holds no data, and is worth telling. */
const HARMLESS = /^(?:Division by zero|Modulus by zero|\w+\(\) can only be called on lists or maps)$/;

/** What cel-js says before it quotes a value. */
const QUOTING: readonly (readonly [beginning: string, message: string])[] = [
  ['invalid_argument', 'a value of a type that cannot be used here'],
  ['Index out of bounds', 'the index is out of range'],
  ['Unknown number type', 'a number that is too large, or is no number'],
];

/** The error of ours for whatever an evaluation threw. Errors that are no failure of the expression stay as they are. */
export function explained(error: unknown, position: Position | undefined): unknown {
  if (error instanceof KoreoError) return error;
  const message = messageOf(error);
  return message === undefined ? error : new ExpressionEvaluationError(message, position);
}

function messageOf(error: unknown): string | undefined {
  if (error instanceof Fault || error instanceof FunctionError) return error.message;
  if (error instanceof RangeError) return 'a value is nested too deeply to be worked on';
  // It names types only.
  if (error instanceof CelTypeError) return error.message.replace(/^CelTypeError: /, '');
  if (!(error instanceof Error)) return undefined;
  const known = QUOTING.find(([beginning]) => error.message.startsWith(beginning));
  if (known !== undefined) return known[1];
  if (!(error instanceof CelEvaluationError)) return undefined;
  return HARMLESS.test(error.message) ? error.message : 'cel-js cannot evaluate this';
}
