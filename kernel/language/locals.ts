import { formatCycle, orderByNeed } from '../model/dependency-order.js';
import type { Locals } from './definition.js';
import type { Field } from './field.js';
import { type Names, secondSegments } from './preparation.js';
import type { Template } from './template.js';

/** Prepares `locals` in the order in which they need one another; a cycle is a problem that names it. */
export function prepareLocals(field: Field): Locals {
  const names: Names = { inScope: ['inputs', 'locals'], locals: localNames(field) };
  const templates = new Map<string, Template>();
  for (const [name, entry] of field.entries()) {
    const template = entry.valueTemplate(names);
    if (template !== undefined) templates.set(name, template);
  }
  const order = orderByNeed([...templates.keys()], (name) => needs(name, templates));
  for (const cycle of order.cycles) {
    const [first = ''] = cycle;
    field.at(first).report('cycle', `locals need one another in a circle: ${formatCycle(cycle)}`);
  }
  return { entries: order.order.flatMap((name) => entryOf(name, templates)) };
}

/** The names of the locals that a function declares. */
export function localNames(field: Field): ReadonlySet<string> {
  return new Set(field.entries().map(([name]) => name));
}

/** What a local reads of the others; one that reads `locals` as a whole needs all others. */
function needs(name: string, templates: ReadonlyMap<string, Template>): readonly string[] {
  const reads = templates.get(name)?.reads ?? [];
  const readsAll = reads.some((path) => path[0] === 'locals' && typeof path[1] !== 'string');
  if (readsAll) return [...templates.keys()].filter((other) => other !== name);
  return [...secondSegments(reads, 'locals')];
}

function entryOf(name: string, templates: ReadonlyMap<string, Template>): Locals['entries'] {
  const template = templates.get(name);
  return template === undefined ? [] : [{ name, template }];
}
