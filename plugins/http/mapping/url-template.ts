import { parseTemplate } from 'url-template';
import { InvalidResourceError } from '../../../kernel/plugin.js';

/** The values of a template's variables. */
export type Variables = Readonly<Record<string, string>>;

const EXPRESSION = /\{([^{}]*)\}/g;
/** Reserved expansion lets a value bring slashes, questions and fragments of its own. */
const FORBIDDEN_OPERATORS = /\{[+#]/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The variables that a URI template (RFC 6570) names, in their order. */
export function variablesIn(template: string): readonly string[] {
  const lists = [...template.matchAll(EXPRESSION)].map(([, expression = '']) => expression.replace(/^[./;?&]/, ''));
  return lists.flatMap((list) => list.split(',').map((one) => one.replace(/(\*|:\d+)$/, '')));
}

/** What is wrong with a template, in words; undefined when nothing is. */
export function templateFault(template: string): string | undefined {
  if (!template.startsWith('/')) return 'begins with a slash: it is below the base URL';
  if (template.startsWith('//') || template.includes('\\') || template.includes('#')) return 'is a path with a query';
  if (FORBIDDEN_OPERATORS.test(template)) return 'encodes its variables: `{+x}` and `{#x}` would not';
  if (/[{}]/.test(template.replace(EXPRESSION, ''))) return 'has a brace without its partner';
  const odd = variablesIn(template).find((name) => !VARIABLE.test(name));
  return odd === undefined ? undefined : `names its variables by letters, digits and underscores, unlike '${odd}'`;
}

/**
 * The path and query that a template stands for. Whatever a value holds, it stays within its segment.
 * @throws InvalidResourceError for values that no URL can carry
 */
export function expandUrl(template: string, variables: Variables): string {
  const known: Record<string, string> = Object.assign(Object.create(null), variables);
  let expanded: string;
  try {
    expanded = parseTemplate(template).expand(known);
  } catch {
    throw new InvalidResourceError(`a name in ${template} is no valid text`);
  }
  const [path = ''] = expanded.split('?', 1);
  // Servers and proxies take these for steps through the tree, however they are written.
  const climbs = path.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
  if (climbs)
    throw new InvalidResourceError(`a name in ${template} would lead to another place: '.' and '..' are refused`);
  return expanded;
}

const TEXT_VARIABLE = /\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** A text with its variables filled in as they are; what is in braces and no variable stays. */
export function expandText(text: string, variables: Variables): string {
  return text.replaceAll(TEXT_VARIABLE, (whole, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name] ?? whole) : whole,
  );
}
