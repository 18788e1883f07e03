import { UsageError } from '../usage-error.js';

/** Reads `key=value,key=value`, all of which a resource must have. @throws UsageError */
export function labelsOf(selector: string | undefined): Readonly<Record<string, string>> {
  if (selector === undefined) return {};
  const pairs = selector.split(',').map((part): [string, string] => {
    const [, key, value] = /^([^\s=!]+)==?([^\s=!]*)$/.exec(part.trim()) ?? [];
    if (key !== undefined && value !== undefined) return [key, value];
    throw new UsageError(`'${part}' is not KEY=VALUE; several are joined by commas: -l app=web,tier=front`);
  });
  return Object.fromEntries(pairs);
}
