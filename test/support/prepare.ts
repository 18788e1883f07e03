import {
  asResource,
  createPrepareContext,
  type ExpressionEngine,
  formatProblem,
  type PrepareContext,
  type PreparedDefinition,
  type PrepareResult,
  parseDocuments,
  prepareDefinition,
  standardLibrary,
} from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';

/** What tests prepare definitions with: CEL first, and the engines given beside it. */
export function prepareContext(engines: readonly ExpressionEngine[] = []): PrepareContext {
  return createPrepareContext({ engines: [celEngine(), ...engines], library: standardLibrary() });
}

/** Prepares the first document of a text as if it were the file `a.koreo`. */
export function prepareText(text: string, context: PrepareContext = prepareContext()): PrepareResult {
  const { documents, problems } = parseDocuments(text, { file: 'a.koreo' });
  const [document] = documents;
  if (document?.value === undefined) throw new Error(problems.map(formatProblem).join('\n') || 'no document');
  return prepareDefinition(asResource(document.value), { store: 'test', origin: document.origin }, context);
}

/** The problems, or warnings, of the first document of a text, each as `line:column path: message`, in order. */
export function problemsIn(text: string, context?: PrepareContext): readonly string[] {
  const result = prepareText(text, context);
  const found = result.status === 'prepared' ? result.warnings : result.problems;
  return found.map((problem) =>
    formatProblem(problem)
      .replace(/^a\.koreo:/, '')
      .replace(problem.subject ?? '', '')
      .replace(/ +/g, ' '),
  );
}

/** A text that holds one definition with this spec, which begins on line 5. */
export function definitionText(kind: string, spec: string): string {
  return `apiVersion: koreo.dev/v1beta1\nkind: ${kind}\nmetadata: {name: it, namespace: ns}\nspec:\n${indent(spec)}`;
}

/** Prepares a definition with this spec; throws with its problems when it does not prepare. */
export function preparedSpec<K extends PreparedDefinition['kind']>(
  kind: K,
  spec: string,
  context?: PrepareContext,
): Extract<PreparedDefinition, { kind: K }> {
  const text = definitionText(kind, spec);
  const result = prepareText(text, context);
  if (result.status === 'broken') throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.definition as Extract<PreparedDefinition, { kind: K }>;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
