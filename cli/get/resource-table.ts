import { formatTable } from '../table.js';
import type { Style } from '../terminal.js';
import type { ResourceRow } from './resource-row.js';

/** So many managed resources are named in a line that is not wide; the others are counted. */
const NAMED = 3;

interface Column {
  readonly title: string;
  cell(row: ResourceRow, style: Style): string;
  /** Whether it is left out when no row has anything to say. */
  readonly optional?: true;
}

const COLUMNS: readonly Column[] = [
  { title: 'NAMESPACE', cell: ({ namespace }) => namespace, optional: true },
  { title: 'NAME', cell: ({ name }, style) => style('bold', name) },
  { title: 'READY', cell: readyCell },
  { title: 'REASON', cell: ({ reason }) => reason },
  { title: 'AGE', cell: (row) => row.age },
];

const NARROW: readonly Column[] = [...COLUMNS, { title: 'MANAGED', cell: someManaged, optional: true }];

const WIDE: readonly Column[] = [
  ...COLUMNS,
  { title: 'STORE', cell: ({ store }) => store },
  { title: 'WORKFLOW', cell: ({ workflow }) => workflow, optional: true },
  { title: 'MANAGED', cell: ({ managed }) => managed.join(', '), optional: true },
  { title: 'MESSAGE', cell: ({ message }) => message.replaceAll('\n', ' '), optional: true },
];

/** The lines of a table of resources. */
export function resourceTable(rows: readonly ResourceRow[], { wide, style }: TableOptions): readonly string[] {
  const plain: Style = (_format, text) => text;
  const columns = (wide ? WIDE : NARROW).filter(
    ({ cell, optional }) => optional !== true || rows.some((row) => cell(row, plain) !== ''),
  );
  return formatTable([
    columns.map(({ title }) => style('dim', title)),
    ...rows.map((row) => columns.map(({ cell }) => cell(row, style) || '-')),
  ]);
}

/** How a table is shown. */
export interface TableOptions {
  readonly wide: boolean;
  readonly style: Style;
}

function readyCell({ ready }: ResourceRow, style: Style): string {
  if (ready === 'True') return style('green', ready);
  return ready === '' ? '' : style(ready === 'False' ? 'red' : 'yellow', ready);
}

function someManaged({ managed }: ResourceRow): string {
  const others = managed.length > NAMED ? ` +${managed.length - NAMED}` : '';
  return `${managed.slice(0, NAMED).join(', ')}${others}`;
}
