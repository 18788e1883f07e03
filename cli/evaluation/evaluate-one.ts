import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { errorMessage, isObject, type Json, type JsonObject, typeName } from '../../kernel/plugin.js';
import { ExitCode } from '../exit-code.js';
import type { Session } from '../session.js';
import { UsageError } from '../usage-error.js';
import { Evaluator } from './evaluator.js';
import { type Place, surroundingsAt } from './surroundings.js';

/** An expression as the command line gives it. `input` is JSON, `@FILE`, or `@-` for standard input. */
export interface EvaluationRequest extends Place {
  readonly expression: string;
  readonly input?: string;
}

/** Prints the value of one expression as JSON, or its error for a person. @throws UsageError, ConfigError */
export async function evaluateOne(session: Session, request: EvaluationRequest): Promise<ExitCode> {
  const { terminal } = session;
  const evaluator = new Evaluator(await surroundingsAt(session, request));
  const inputs = request.input === undefined ? {} : await readInput(session, request.input);
  const result = await evaluator.evaluate(request.expression, inputs);
  if ('error' in result) {
    terminal.note(`${terminal.noteStyle('red', 'error:')} ${result.error}`);
    return ExitCode.failed;
  }
  terminal.print(JSON.stringify(result.ok, null, terminal.isInteractive ? 2 : undefined));
  return ExitCode.ok;
}

async function readInput(session: Session, input: string): Promise<JsonObject> {
  const source = input.startsWith('@') ? await readSource(session, input.slice(1)) : input;
  const place = input.startsWith('@') ? input : '--input';
  const value = parse(source, place);
  if (isObject(value)) return value;
  throw new UsageError(`${place} must hold a JSON object whose keys are the names in scope, not a ${typeName(value)}`);
}

async function readSource(session: Session, file: string): Promise<string> {
  if (file === '-') return text(session.terminal.stdin);
  try {
    return await readFile(resolve(session.cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`--input: ${file} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
}

function parse(source: string, place: string): Json {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new UsageError(`${place} is not JSON: ${errorMessage(error)}`, { cause: error });
  }
}
