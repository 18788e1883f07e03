import type { LoggingConfig } from '../../config/index.js';
import type { Terminal } from '../terminal.js';
import { JsonLog } from './json-log.js';
import type { RunLog } from './run-log.js';
import { TextLog } from './text-log.js';

/** The log that the configuration asks for, in the format that the command line names instead, if it does. */
export function openLog(
  terminal: Terminal,
  { format, level }: LoggingConfig,
  asked: LoggingConfig['format'] | undefined,
): RunLog {
  return (asked ?? format) === 'json' ? new JsonLog(terminal, { level }) : new TextLog(terminal, { level });
}
