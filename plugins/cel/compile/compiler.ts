import type { Chain, Conditional, Expression, Logic, MapLiteral } from '../syntax/expression.js';
import { accessOperation } from './access.js';
import { negateOperation } from './arithmetic.js';
import { callOperation, type Functions } from './call.js';
import { chainOperation } from './chain.js';
import { listOperation, mapOperation } from './container.js';
import type { Operation } from './frame.js';
import { hasOperation } from './has.js';
import { conditionalOperation, logicOperation, notOperation } from './logic.js';
import { constantOperation } from './operation.js';
import { pathOperation } from './scope-path.js';
import { boundTo, type Variables, variableOperation } from './variables.js';

/**
 * Compiles trees into operations. Compiling is a walk over the tree, no deeper than the source is nested.
 * @throws Fault for what can never work: a function that there is not, a pattern that is none
 */
export class Compiler {
  constructor(readonly functions: Functions) {}

  compile(expression: Expression, variables?: Variables): Operation {
    switch (expression.kind) {
      case 'literal':
        return constantOperation(expression.value);
      case 'identifier': {
        const variable = boundTo(expression, variables);
        if (variable !== undefined) return variableOperation(variable);
        return pathOperation({ path: [expression.name], places: [expression.at] });
      }
      case 'list':
        return listOperation(this.compileAll(expression.items, variables));
      case 'map':
        return this.#map(expression, variables);
      case 'not':
        return notOperation(this.compile(expression.operand, variables), expression.at);
      case 'negate':
        return negateOperation(this.compile(expression.operand, variables), expression.at);
      case 'chain':
        return this.#chain(expression, variables);
      case 'and':
      case 'or':
        return this.#logic(expression, variables);
      case 'conditional':
        return this.#conditional(expression, variables);
      case 'call':
        return callOperation(
          this.functions,
          expression.name,
          this.compileAll(expression.args, variables),
          expression.at,
        );
      case 'access':
        return accessOperation(this, expression, variables);
      case 'has':
        return hasOperation(this, expression, variables);
    }
  }

  compileAll(expressions: readonly Expression[], variables?: Variables): readonly Operation[] {
    return expressions.map((expression) => this.compile(expression, variables));
  }

  /** A constant term that decides does so whatever the others are, be they calls of functions that there are not. */
  #logic({ kind, terms, at }: Logic, variables?: Variables): Operation {
    const deciding = kind === 'or';
    const decided = terms.some((term) => term.kind === 'literal' && term.value === deciding);
    return decided ? constantOperation(deciding) : logicOperation(kind, this.compileAll(terms, variables), at);
  }

  #map({ entries }: MapLiteral, variables?: Variables): Operation {
    return mapOperation(
      entries.map(({ key, value, at }) => ({
        key: this.compile(key, variables),
        value: this.compile(value, variables),
        at,
      })),
    );
  }

  #chain({ first, rest }: Chain, variables?: Variables): Operation {
    const links = rest.map(({ operator, at, operand }) => ({
      operator,
      at,
      operand: this.compile(operand, variables),
    }));
    return chainOperation(this.compile(first, variables), links);
  }

  #conditional({ branches, otherwise }: Conditional, variables?: Variables): Operation {
    const compiled = branches.map(({ condition, result }) => ({
      condition: this.compile(condition, variables),
      result: this.compile(result, variables),
      at: condition.at,
    }));
    return conditionalOperation(compiled, this.compile(otherwise, variables));
  }
}
