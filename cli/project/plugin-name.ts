import { isBuiltin } from 'node:module';
import { basename } from 'node:path';
import { UsageError } from '../usage-error.js';

/** The longest name of a package that npm takes. */
const MAX_LENGTH = 214;

/** Names of packages, with or without a scope, that need no quotes anywhere but for the scope. */
const NAME = /^(?:@[a-z0-9]+(?:-[a-z0-9]+)*\/)?[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** The name that was asked for, or that of the folder. `taken`: names that mean something else. @throws UsageError with what to do */
export function pluginName(wanted: string | undefined, folder: string, taken: readonly string[]): string {
  const name = wanted ?? basename(folder);
  const fault = faultOf(name, taken);
  if (fault === undefined) return name;
  const way = wanted === undefined ? `name it yourself, with --name, or name another folder` : `such as acme-names`;
  throw new UsageError(`'${name}' cannot be the name of a plug-in: ${fault}; ${way}`);
}

function faultOf(name: string, taken: readonly string[]): string | undefined {
  if (!NAME.test(name))
    return 'it is to be words of lower-case letters and digits with dashes between, as packages are named';
  if (name.length > MAX_LENGTH) return `it has more than ${MAX_LENGTH} characters`;
  if (taken.includes(name)) return 'that is one of koreo itself';
  if (isBuiltin(name)) return 'that is a module of Node.js';
  return undefined;
}
