import { stringify } from 'yaml';
import type { LoadedConfig } from '../../config/index.js';
import { definitionKind, groupOf, gvkKey, type Resource } from '../../kernel/index.js';
import type { Session } from '../session.js';
import type { Terminal } from '../terminal.js';
import { definitionHealth, preparedDefinitions } from './definition-health.js';
import type { ListedResource } from './listed-resource.js';
import { resourceRow } from './resource-row.js';
import { resourceTable } from './resource-table.js';

/** How resources are printed for programs. */
export interface DocumentOptions {
  /** The resource itself, and not a list that holds it. */
  readonly single: boolean;
  readonly format: 'json' | 'yaml';
}

/** Prints the resources whole, as Kubernetes' tools do: one by itself, several as the items of a List. */
export function printDocument(
  terminal: Terminal,
  found: readonly ListedResource[],
  { single, format }: DocumentOptions,
): void {
  const items = found.map(({ resource }) => resource);
  const document = single ? items[0] : { apiVersion: 'v1', kind: 'List', items };
  if (format === 'json') terminal.print(JSON.stringify(document, null, 2));
  else terminal.print(stringify(document, { lineWidth: 0 }).trimEnd());
}

/** Prints `kind.group/name`, one a line, as other commands take it. */
export function printNames(terminal: Terminal, found: readonly ListedResource[]): void {
  for (const { resource } of found) terminal.print(nameOf(resource));
}

/** A resource as `kind.group/name`. */
export function nameOf({ apiVersion, kind, metadata }: Pick<Resource, 'apiVersion' | 'kind' | 'metadata'>): string {
  const group = groupOf(apiVersion);
  return `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${metadata.name}`;
}

/** How resources are printed for people. */
export interface TableOptions {
  readonly loaded: LoadedConfig;
  readonly wide: boolean;
}

/** Prints a table for each kind; with several kinds each under its name. */
export async function printTables(
  { terminal, cwd }: Session,
  found: readonly ListedResource[],
  { loaded, wide }: TableOptions,
): Promise<void> {
  const anyDefinition = found.some(({ resource }) => definitionKind(resource) !== undefined);
  const definitions = anyDefinition ? await preparedDefinitions(loaded, cwd) : undefined;
  const now = Date.now();
  const tables = byKind(found);
  for (const [index, table] of tables.entries()) {
    const rows = table.map(({ resource, store }) => {
      const readiness = definitions && definitionHealth({ resource, store: store.name }, definitions);
      return resourceRow(resource, { store: store.name, now, readiness });
    });
    if (index > 0) terminal.print('');
    if (tables.length > 1) terminal.print(terminal.style('bold', titleOf(table)));
    for (const line of resourceTable(rows, { wide, style: terminal.style })) terminal.print(line);
  }
}

function byKind(found: readonly ListedResource[]): readonly (readonly ListedResource[])[] {
  const groups = new Map<string, ListedResource[]>();
  for (const one of found) {
    const key = gvkKey(one.kind);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function titleOf([first]: readonly ListedResource[]): string {
  if (first === undefined) return '';
  const group = groupOf(first.kind.apiVersion);
  return group === '' ? first.kind.kind : `${first.kind.kind}.${group}`;
}
