import { LimitExceededError } from '../contracts/budget.js';
import {
  type ExpressionEngine,
  ExpressionEvaluationError,
  ExpressionSyntaxError,
  type Program,
} from '../contracts/expression-engine.js';
import type { PluginGuard } from './plugin-guard.js';

/** An engine of a plug-in, whose defects are told as errors of the expression that it was to compile or evaluate. */
export function guardedEngine(engine: ExpressionEngine, guard: PluginGuard): ExpressionEngine {
  const { language } = engine;
  const part = `the engine of the language '${language}'`;
  return {
    language,
    compile(source, library, limits) {
      if (guard.outage !== undefined) throw new ExpressionSyntaxError(guard.outage);
      try {
        return guardedProgram(checkedProgram(engine.compile(source, library, limits)), part, guard);
      } catch (error) {
        if (error instanceof ExpressionSyntaxError || error instanceof LimitExceededError) throw error;
        throw new ExpressionSyntaxError(guard.complaint(part, error), undefined, { cause: error });
      }
    },
  };
}

/** @throws TypeError when the kernel cannot use it */
function checkedProgram(program: Program): Program {
  if (typeof program?.evaluate !== 'function')
    throw new TypeError('`compile` gave what is no program: it has no `evaluate`');
  if (!Array.isArray(program.reads)) throw new TypeError('`compile` gave a program without its list of `reads`');
  return program;
}

function guardedProgram(program: Program, part: string, guard: PluginGuard): Program {
  const { source, reads, tests, gives } = program;
  const fail = (error: unknown): never => {
    if (error instanceof ExpressionEvaluationError || error instanceof LimitExceededError) throw error;
    throw new ExpressionEvaluationError(guard.complaint(part, error), undefined, { cause: error });
  };
  return {
    source,
    reads,
    ...(tests === undefined ? {} : { tests }),
    ...(gives === undefined ? {} : { gives }),
    evaluate(scope, budget) {
      try {
        const value = program.evaluate(scope, budget);
        return value instanceof Promise ? value.catch(fail) : value;
      } catch (error) {
        return fail(error);
      }
    },
  };
}
