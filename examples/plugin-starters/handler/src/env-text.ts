/** Variables by name. */
export type Variables = Readonly<Record<string, string>>;

/** A line that is no variable, and no comment and not empty either. */
export class EnvTextError extends Error {
  override readonly name = 'EnvTextError';

  constructor(readonly line: number) {
    super(`line ${line} is neither NAME=value nor a comment`);
  }
}

const VARIABLE = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/;
const PASSED_OVER = /^\s*(?:#.*)?$/;
const PLAIN = /^[\w./:@%+,=-]*$/;

/** Whether a variable can have this name. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}

/** The variables of a text. Of one that is set twice the last counts, as in a shell. @throws EnvTextError */
export function parseEnv(text: string): Variables {
  const found = new Map<string, string>();
  for (const [index, line] of text.split('\n').entries()) {
    const variable = readLine(line);
    if (variable !== undefined) found.set(variable.name, variable.value);
    else if (!PASSED_OVER.test(line)) throw new EnvTextError(index + 1);
  }
  return Object.fromEntries(found);
}

/** The text with these variables and no others: comments, order, and lines that are right already stay as they are. */
export function withVariables(text: string, variables: Variables): string {
  const left = new Map(Object.entries(variables));
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const kept = lines.flatMap((line, index) => {
    const name = readLine(line)?.name;
    if (name === undefined) return [line];
    const isLast = !lines.slice(index + 1).some((later) => readLine(later)?.name === name);
    const value = left.get(name);
    if (value === undefined || !isLast) return [];
    left.delete(name);
    return [readLine(line)?.value === value ? line : writeLine(name, value)];
  });
  const added = [...left].map(([name, value]) => writeLine(name, value));
  return [...kept, ...added, ''].join('\n');
}

function readLine(line: string): { readonly name: string; readonly value: string } | undefined {
  const [, name, raw = ''] = VARIABLE.exec(line) ?? [];
  if (name === undefined) return undefined;
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"$/.exec(raw) ?? [];
  if (quoted !== undefined)
    return { name, value: quoted.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one)) };
  const [, literal] = /^'([^']*)'$/.exec(raw) ?? [];
  return { name, value: literal ?? raw };
}

function writeLine(name: string, value: string): string {
  if (PLAIN.test(value)) return `${name}=${value}`;
  return `${name}="${value.replace(/["\\$`]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
