import { LimitExceededError } from '../contracts/budget.js';
import { FunctionError, type LibraryFunction } from '../contracts/function-library.js';
import { isThenable, type PluginGuard } from './plugin-guard.js';

/** A function of a plug-in, whose defects are complaints about its call: the expression fails at that place. */
export function guardedFunction(definition: LibraryFunction, guard: PluginGuard): LibraryFunction {
  const { name, parameters, summary } = definition;
  const part = `the function \`${name}\``;
  const failed = (error: unknown): unknown => {
    if (error instanceof FunctionError || error instanceof LimitExceededError) return error;
    return new FunctionError(guard.complaint(part, error), { cause: error });
  };
  const refuse = (what: string): never => {
    throw new TypeError(`a function must give JSON at once, and not ${what}`);
  };
  const checkUse = (): void => {
    if (guard.outage !== undefined) throw new FunctionError(guard.outage);
  };
  return {
    name,
    parameters,
    summary,
    call(args, budget) {
      try {
        checkUse();
        const result = definition.call(args, budget);
        return isJson(result) ? result : refuse(describe(result));
      } catch (error) {
        throw failed(error);
      }
    },
    ...(definition.callExact === undefined
      ? {}
      : {
          callExact(args, budget) {
            try {
              checkUse();
              const result = definition.callExact?.(args, budget);
              return result === undefined || isThenable(result) ? refuse(describe(result)) : result;
            } catch (error) {
              throw failed(error);
            }
          },
        }),
  };
}

/** Whether it can be JSON, from what is seen at once: a look at all of a large value would cost more than most functions. */
function isJson(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object': {
      if (value === null || Array.isArray(value)) return true;
      const prototype: unknown = Object.getPrototypeOf(value);
      return prototype === Object.prototype || prototype === null;
    }
    default:
      return false;
  }
}

function describe(value: unknown): string {
  if (isThenable(value)) return 'a promise';
  if (typeof value === 'number') return 'a number that JSON does not have';
  if (typeof value !== 'object' || value === null) return `${typeof value}`;
  return `an object of the class ${value.constructor?.name ?? 'unknown'}`;
}
