import type { Subscription } from 'rxjs';
import type { LoadedConfig } from '../config/index.js';
import { errorMessage } from '../kernel/index.js';
import type { Terminal } from './terminal.js';

/** Tells what goes wrong in plug-ins while a command uses what they bring; what it prints names only that something did. */
export function tellIncidents(terminal: Terminal, { workbench }: LoadedConfig): Subscription {
  const label = (source: string): string => terminal.noteStyle('red', `${source}:`);
  return workbench.incidents.subscribe(({ source, error }) => terminal.note(`${label(source)} ${errorMessage(error)}`));
}
