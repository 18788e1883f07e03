import { errorMessage, getKey, hasKey, isObject, type Json, typeName } from '../../kernel/plugin.js';
import { ExitCode } from '../exit-code.js';
import { linesOf } from '../lines.js';
import type { Session } from '../session.js';
import { type Evaluation, Evaluator } from './evaluator.js';
import { type Place, surroundingsAt } from './surroundings.js';

/**
 * Answers every line of standard input, `{"expr", "inputs"}`, with `{"ok"}` or `{"error"}` on a line of its own, in the
 * same order; a line that cannot be understood is answered with an error too. Answers go out as soon as input stops coming.
 */
export async function evaluateLines(session: Session, place: Place): Promise<ExitCode> {
  const { terminal } = session;
  const evaluator = new Evaluator(await surroundingsAt(session, place));
  for await (const lines of linesOf(terminal.stdin)) {
    const answers: string[] = [];
    for (const line of lines) {
      if (line.trim() !== '') answers.push(JSON.stringify(await answer(evaluator, line)));
    }
    if (answers.length > 0) await terminal.write(`${answers.join('\n')}\n`);
    if (terminal.closed.aborted) break;
  }
  return ExitCode.ok;
}

async function answer(evaluator: Evaluator, line: string): Promise<Evaluation> {
  let request: Json;
  try {
    request = JSON.parse(line);
  } catch (error) {
    return { error: `the line is not JSON: ${errorMessage(error)}` };
  }
  if (!isObject(request) || !hasKey(request, 'expr')) {
    return { error: 'a line must be a JSON object such as {"expr": "=a + 1", "inputs": {"a": 1}}' };
  }
  const inputs = getKey(request, 'inputs') ?? {};
  if (!isObject(inputs)) return { error: `"inputs" must be a JSON object, not a ${typeName(inputs)}` };
  return evaluator.evaluate(getKey(request, 'expr') ?? null, inputs);
}
