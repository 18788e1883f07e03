import { createHash } from 'node:crypto';
import {
  besideSpec,
  type GroupVersionKind,
  InvalidResourceError,
  isObject,
  type KindInfo,
  type Resource,
} from 'koreo-kernel/plugin';
import { EnvTextError, isVariableName, parseEnv, type Variables } from './env-text.js';

/** The kind of a file of environment variables: `spec.variables` are its variables. */
export const ENV_FILE: GroupVersionKind = { apiVersion: 'env.example.com/v1', kind: 'EnvFile' };

/** A file has no place for labels or annotations; what koreo has to remember is kept where the trigger is. */
export const ENV_FILE_INFO: KindInfo = { ...ENV_FILE, plural: 'envfiles', namespaced: false, keepsAnnotations: false };

/** The file as a resource. Its text decides on the revision, its name is its identity. @throws InvalidResourceError */
export function toResource(name: string, text: string): Resource {
  return {
    ...ENV_FILE,
    metadata: { name, uid: `env-file/${name}`, resourceVersion: createHash('sha256').update(text).digest('hex') },
    spec: { variables: variablesIn(name, text) },
  };
}

function variablesIn(name: string, text: string): Variables {
  try {
    return parseEnv(text);
  } catch (error) {
    if (error instanceof EnvTextError)
      throw new InvalidResourceError(`${name}.env: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The variables that a resource asks for. @throws InvalidResourceError that names what is wrong, and no value */
export function wantedVariables(resource: Partial<Resource>): Variables {
  const { spec } = resource;
  // What would be left out without a word would be asked for again at every run.
  const [homeless] = besideSpec(resource);
  if (homeless !== undefined) throw new InvalidResourceError(`a file has no place for \`${homeless}\` of an EnvFile`);
  if (!isObject(spec)) throw new InvalidResourceError('an EnvFile needs a `spec`');
  const { variables, ...others } = spec;
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new InvalidResourceError(`\`spec.${other}\` is nothing of an EnvFile: it has \`variables\``);
  if (!isObject(variables)) throw new InvalidResourceError('`spec.variables` of an EnvFile is to be a mapping');
  for (const [name, value] of Object.entries(variables)) {
    if (!isVariableName(name)) throw new InvalidResourceError(`\`${name}\` is no name of a variable`);
    if (typeof value !== 'string') throw new InvalidResourceError(`the variable \`${name}\` is to be a text`);
  }
  return variables as Variables;
}
