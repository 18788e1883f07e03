import {
  asResource,
  Catalog,
  createPrepareContext,
  type DefinitionLookup,
  type JsonObject,
  type ParsedDocument,
  type PreparedFunctionTest,
  type PreparedWorkflow,
  type Problem,
  problemsOf,
  standardLibrary,
} from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';

const STORE = 'definitions';

/** The definitions of a case or a file, prepared and linked as a kernel does it. */
export class CaseDefinitions {
  readonly #catalog = new Catalog(createPrepareContext({ engines: [celEngine()], library: standardLibrary() }));

  /** Takes what is a definition among the documents. */
  add(documents: readonly Pick<ParsedDocument, 'value' | 'origin'>[]): void {
    this.#catalog.apply(
      documents.flatMap(({ value, origin }) =>
        value === undefined ? [] : [{ type: 'set', resource: asResource(value), from: { store: STORE, origin } }],
      ),
    );
  }

  /** Takes a definition that comes from no file. */
  addMapping(value: JsonObject): void {
    this.#catalog.apply([{ type: 'set', resource: asResource(value), from: { store: STORE } }]);
  }

  get lookup(): DefinitionLookup {
    return this.#catalog.current;
  }

  /** Everything that is wrong with them, sorted by place. */
  get problems(): readonly Problem[] {
    const order = ({ location }: Problem): number => (location?.line ?? 0) * 10_000 + (location?.column ?? 0);
    return [...problemsOf(this.lookup)].sort((a, b) => order(a) - order(b));
  }

  /** What is wrong with those that cannot run. */
  get faults(): readonly Problem[] {
    return [...this.lookup.entries()].flatMap((entry) => (entry.status === 'ready' ? [] : entry.problems));
  }

  get functionTests(): readonly PreparedFunctionTest[] {
    return [...this.lookup.entries()].flatMap((entry) =>
      entry.status === 'ready' && entry.definition.kind === 'FunctionTest' ? [entry.definition] : [],
    );
  }

  /** The Workflow of that name, which has to be ready. */
  workflow(name: string): PreparedWorkflow {
    const entry = this.lookup.find('Workflow', name);
    if (entry?.status !== 'ready' || entry.definition.kind !== 'Workflow') throw new Error(`${name} is not ready`);
    return entry.definition;
  }
}
