import type { Condition } from '../model/condition.js';
import { formatProblem, type Problem } from '../model/problem.js';
import type { DefinitionEntry, DefinitionLookup, DefinitionName } from './definition-lookup.js';
import type { CopyPlace } from './source-order.js';

/** Whether a definition can be used, and why not. The message is empty when there is nothing to say. */
export interface DefinitionReadiness {
  readonly status: Condition['status'];
  readonly reason: 'Prepared' | 'Waiting' | 'Broken' | 'NotInForce';
  readonly message: string;
}

/** How the copy of a definition that lies at a place is, by itself and among the others. */
export function definitionReadiness(
  { kind, name, namespace, store }: DefinitionName & CopyPlace,
  definitions: DefinitionLookup,
): DefinitionReadiness {
  const entry = definitions.find(kind, name);
  if (entry === undefined) return notInForce('no source of definitions holds it');
  if (entry.store !== store) return notInForce(`that of store ${entry.store} comes first`);
  if (entry.namespace !== namespace) return notInForce(`${entry.namespace}/${name} comes first`);
  return readinessOf(entry);
}

function readinessOf(entry: DefinitionEntry): DefinitionReadiness {
  switch (entry.status) {
    case 'ready':
      return { status: 'True', reason: 'Prepared', message: inWords(entry.warnings) };
    case 'waiting':
      return { status: 'Unknown', reason: 'Waiting', message: entry.waitingFor.join(', ') };
    case 'broken':
      return { status: 'False', reason: 'Broken', message: inWords(entry.problems) };
  }
}

function notInForce(message: string): DefinitionReadiness {
  return { status: 'False', reason: 'NotInForce', message };
}

/** Where each problem stands in the definition, and what it is; which definition, and which file, are known to the reader. */
function inWords(problems: readonly Problem[]): string {
  return problems
    .map(({ code, location, message }) =>
      formatProblem({ code, message, ...(location === undefined ? {} : { location: { path: location.path } }) }),
    )
    .join('; ');
}
