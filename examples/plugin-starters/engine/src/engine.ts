import {
  DEFAULT_DOCUMENT_LIMITS,
  type ExpressionEngine,
  ExpressionSyntaxError,
  type FunctionLibrary,
  type Program,
  positionAt,
  type SourceLimits,
} from 'koreo-kernel/plugin';
import { TemplateProgram } from './template-program.js';
import { TemplateReader } from './template-reader.js';

/** Texts with holes: `Dear {{ inputs.name }}`. Keeps nothing, so that kernels can share it. */
export const textEngine: ExpressionEngine = {
  language: 'text',
  compile(source: string, library: FunctionLibrary, limits: SourceLimits = DEFAULT_DOCUMENT_LIMITS): Program {
    if (source.length > limits.expressionCharacters) {
      throw new ExpressionSyntaxError(
        `the template has more than ${limits.expressionCharacters} characters (limits.expressionCharacters)`,
      );
    }
    const parts = new TemplateReader(source).read();
    const calls = parts.flatMap((part) => (part.type === 'hole' ? part.calls : []));
    const unknown = calls.find(({ name }) => !library.has(name));
    if (unknown !== undefined) {
      throw new ExpressionSyntaxError(`there is no function \`${unknown.name}\``, positionAt(source, unknown.at));
    }
    return new TemplateProgram(source, parts, library);
  },
};
