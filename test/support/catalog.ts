import {
  asResource,
  Catalog,
  type CatalogOptions,
  type DefinitionChange,
  type DefinitionEntry,
  parseDocuments,
} from 'koreo-kernel';
import { prepareContext } from './prepare.js';

/** A catalog, with a log of what each change of it was said to concern. */
export class WatchedCatalog {
  readonly catalog: Catalog;
  readonly #changes: string[][] = [];

  constructor(options: CatalogOptions = {}) {
    this.catalog = new Catalog(prepareContext(), options);
    this.catalog.changes.subscribe(({ changed }) => {
      this.#changes.push(changed.map(({ kind, name }) => `${kind} ${name}`).sort());
    });
  }

  /** Sets every definition in the text, in one batch. */
  set(text: string, place: Place = {}): this {
    this.catalog.apply(changesIn(text, place));
    return this;
  }

  /** Removes every definition in the text, in one batch. */
  remove(text: string, place: Place = {}): this {
    this.catalog.apply(
      changesIn(text, place).map(({ resource, from }) => ({ type: 'remove', resource, store: from.store })),
    );
    return this;
  }

  /** What was told since the last call: one list of names for each change. */
  told(): string[][] {
    return this.#changes.splice(0);
  }

  /** How each definition is: `ready`, `broken: MESSAGE`, `waiting: REASONS`. */
  state(): Record<string, string> {
    const entries = [...this.catalog.current.entries()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    return Object.fromEntries(entries.map((entry) => [nameOf(entry), stateOf(entry)]));
  }
}

export interface Place {
  readonly store?: string;
  readonly namespace?: string;
  readonly file?: string;
}

export function changesIn(text: string, { file = 'a.koreo', namespace, store = 's' }: Place = {}) {
  return parseDocuments(text, { file }).documents.map(({ origin, value }) => {
    const metadata = { ...(value?.metadata as object), ...(namespace === undefined ? {} : { namespace }) };
    const resource = asResource({ apiVersion: 'koreo.dev/v1beta1', ...value, metadata } as never);
    return { type: 'set', resource, from: { store, origin } } satisfies DefinitionChange;
  });
}

export function nameOf({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind} ${name}`;
}

function stateOf(entry: DefinitionEntry): string {
  switch (entry.status) {
    case 'ready':
      return 'ready';
    case 'waiting':
      return `waiting: ${entry.waitingFor.join('; ')}`;
    case 'broken':
      return `broken: ${entry.problems.map(({ message }) => message).join('; ')}`;
  }
}

/** A ValueFunction that gives `{v: EXPRESSION}`. */
export function valueFunction(name: string, expression = '=1'): string {
  return `---\nkind: ValueFunction\nmetadata: {name: ${name}}\nspec: {return: {v: '${expression}'}}\n`;
}

/** A Workflow with one step for each piece of Logic, `w` being Workflow w and `f` a ValueFunction. */
export function workflow(name: string, logic: readonly string[], trigger?: string): string {
  const steps = logic.map((ref, index) => {
    const kind = /^w/.test(ref) ? 'Workflow' : 'ValueFunction';
    return `\n  - {label: step_${index}, ref: {kind: ${kind}, name: ${ref}}}`;
  });
  const crdRef = trigger === undefined ? '' : `\n  crdRef: {apiGroup: example.com, version: v1, kind: ${trigger}}`;
  return `---\nkind: Workflow\nmetadata: {name: ${name}}\nspec:${crdRef}\n  steps:${steps.join('')}\n`;
}

/** A ResourceFunction with a template, and with overlay functions and the names of the inputs that each is given. */
export function resourceFunction(
  name: string,
  template: string,
  overlays: Record<string, readonly string[]> = {},
): string {
  const list = Object.entries(overlays).map(([overlay, inputs]) => {
    const given = inputs.map((input) => `${input}: 1`).join(', ');
    return `\n  - overlayRef: {kind: ValueFunction, name: ${overlay}}\n    inputs: {${given}}`;
  });
  const api = 'apiConfig: {apiVersion: v1, kind: ConfigMap, name: n, namespace: ns}';
  const tail = list.length === 0 ? '' : `\n  overlays:${list.join('')}`;
  return `---\nkind: ResourceFunction\nmetadata: {name: ${name}}\nspec:\n  ${api}\n  resourceTemplateRef: {name: ${template}}${tail}\n`;
}

export function resourceTemplate(name: string): string {
  return `---\nkind: ResourceTemplate\nmetadata: {name: ${name}}\nspec: {template: {apiVersion: v1, kind: ConfigMap}}\n`;
}

export function functionTest(name: string, target: string): string {
  return `---\nkind: FunctionTest\nmetadata: {name: ${name}}\nspec: {functionRef: {kind: ValueFunction, name: ${target}}}\n`;
}
