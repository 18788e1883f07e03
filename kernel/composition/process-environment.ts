import { env } from 'node:process';

/** The value of a variable of the process; undefined when it is not set. */
export function processEnvironment(variable: string): string | undefined {
  return env[variable];
}
