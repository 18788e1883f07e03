import {
  createPrepareContext,
  DEFAULT_DOCUMENT_LIMITS,
  type ExpressionEngine,
  type Json,
  type PrepareContext,
  RunBudget,
  standardLibrary,
} from 'koreo-kernel';
import { Field } from '../../kernel/language/field.js';
import { Preparation } from '../../kernel/language/preparation.js';
import type { Template } from '../../kernel/language/template.js';
import type { Contestant } from './contestant.js';
import type { Line } from './line.js';

/** An engine of this project, doing all that a definition asks of it: templates, names in scope, places of errors, budgets. */
export function engineContestant(name: string, engine: ExpressionEngine, spelling: (line: Line) => Json): Contestant {
  const context = withoutReuse(engine);
  const prepare = (line: Line): Template => {
    const preparation = new Preparation(context, { name: 'bench', store: 'bench' }, {});
    const template = new Field(preparation, spelling(line)).template({ inScope: ['inputs'] });
    const problems = [...preparation.problems, ...preparation.warnings];
    if (template === undefined || problems.length > 0)
      throw new Error(problems.map(({ message }) => message).join('; '));
    return template;
  };
  return {
    name,
    prepare,
    evaluator: (line) => {
      const template = prepare(line);
      return () => template.evaluate(line.inputs, new RunBudget());
    },
    plain: (value) => value as Json,
  };
}

/** Preparing as it is the first time: a kernel would find a source that it has compiled before, and compile nothing. */
function withoutReuse(engine: ExpressionEngine): PrepareContext {
  const context = createPrepareContext({ engines: [engine], library: standardLibrary() });
  return {
    ...context,
    programs: { compile: (by, source, library) => by.compile(source, library, DEFAULT_DOCUMENT_LIMITS) },
  };
}
