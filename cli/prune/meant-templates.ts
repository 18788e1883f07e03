import { asJson, expressionText, getAt, type Resource } from '../../kernel/index.js';

/** A text in quotes that something is put behind. */
const BEGINNING = /^(["'])((?:(?!\1)[^\\])*)\1\s*[+&](?!&)/;
/** What makes something else of it than a text that begins so. */
const OTHERWISE = /[?<>=!|]|&&|\bin\b/;

/**
 * Those of the templates that a ResourceFunction may mean when an expression gives its template's name: those whose names begin
 * as it does (`="deployment-" + inputs.size`), and all where that cannot be told. None when a constant names it.
 */
export function meantTemplates(resource: Resource, templates: readonly string[]): readonly string[] {
  if (resource.kind !== 'ResourceFunction') return [];
  const name = getAt(asJson(resource), ['spec', 'resourceTemplateRef', 'name']);
  const source = typeof name === 'string' ? expressionText(name)?.source : undefined;
  if (source === undefined) return [];
  const found = BEGINNING.exec(source);
  const start = found?.[2] ?? '';
  const rest = source.slice(found?.[0].length ?? 0);
  return found === null || OTHERWISE.test(rest) ? templates : templates.filter((one) => one.startsWith(start));
}
