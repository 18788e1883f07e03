import {
  Catalog,
  type DefinitionLookup,
  type DefinitionSources,
  definitionKind,
  formatRef,
  groupOf,
  KOREO_GROUP,
  type Origin,
  type PrepareContext,
  type PreparedDefinition,
  type PreparedFunctionTest,
  type Problem,
  prepareDefinition,
  type Resource,
  refKey,
  refOf,
  type SourceLocation,
} from '../../kernel/index.js';

/** A resource, the store that it came from, and where it stands there. */
export interface FoundResource {
  readonly resource: Resource;
  readonly store: string;
  readonly origin?: Origin;
}

/** A FunctionTest, and what keeps it from being run: the definitions that it waits for. */
export interface FoundTest {
  readonly test: PreparedFunctionTest;
  readonly waitingFor: readonly string[];
}

/** Definitions, prepared and linked. */
export interface DefinitionSet {
  readonly definitions: DefinitionLookup;
  /** How many there are, those that are hidden or broken too. */
  readonly count: number;
  /** In the order in which they were found. */
  readonly tests: readonly FoundTest[];
  /** Everything that keeps any of them from running. */
  readonly problems: readonly Problem[];
  /** What runs, and will fail where it is evaluated. */
  readonly warnings: readonly Problem[];
}

/** What a set is made from. */
export interface DefinitionSetRequest {
  /** Those that are no definitions are not looked at. */
  readonly resources: readonly FoundResource[];
  readonly context: PrepareContext;
  /**
   * Where definitions count from; what does not count, or is hidden by what comes first, is left out. Absent: all that is
   * there is looked at, and the namespaces come in the order of their names.
   */
  readonly sources?: readonly DefinitionSources[];
}

/** Prepares and links the definitions among the resources. */
export function definitionSet({ resources, context, sources }: DefinitionSetRequest): DefinitionSet {
  const { first, again } = partition(resources.filter(({ resource }) => groupOf(resource.apiVersion) === KOREO_GROUP));
  const catalog = new Catalog(context, sources === undefined ? {} : { sources });
  catalog.apply(first.map(({ resource, ...from }) => ({ type: 'set', resource, from })));
  const lookup = catalog.current;
  const judged = first.map(
    (one) => inForce(one, lookup) ?? (sources === undefined ? alone(one, context) : NOT_IN_FORCE),
  );
  return {
    definitions: lookup,
    count: first.length + again.length,
    tests: judged.flatMap(({ definition, waitingFor = [] }) =>
      definition?.kind === 'FunctionTest' ? [{ test: definition, waitingFor }] : [],
    ),
    problems: [...judged.flatMap(({ problems = [] }) => problems), ...again],
    warnings: judged.flatMap(({ warnings = [] }) => warnings),
  };
}

/** How one definition is. */
interface Judgement {
  readonly definition?: PreparedDefinition;
  readonly waitingFor?: readonly string[];
  readonly problems?: readonly Problem[];
  readonly warnings?: readonly Problem[];
}

const NOT_IN_FORCE: Judgement = {};

/** How the definition is among the others; undefined when references do not mean this copy of it. */
function inForce({ resource, store }: FoundResource, definitions: DefinitionLookup): Judgement | undefined {
  const { name, namespace = '' } = resource.metadata;
  const kind = definitionKind(resource);
  const entry = kind === undefined ? undefined : definitions.find(kind, name);
  return entry?.store === store && entry.namespace === namespace ? entry : undefined;
}

/** How the definition is by itself: a copy that another namespace hides, or a kind that there is not. */
function alone({ resource, ...from }: FoundResource, context: PrepareContext): Judgement {
  return prepareDefinition(resource, from, context);
}

interface Partition {
  readonly first: readonly FoundResource[];
  readonly again: readonly Problem[];
}

/** Keeps the first of several definitions of one name in one place, and tells of the others. */
function partition(definitions: readonly FoundResource[]): Partition {
  const first = new Map<string, FoundResource>();
  const again: Problem[] = [];
  for (const one of definitions) {
    const key = `${one.store}\n${refKey(refOf(one.resource))}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, one);
    else again.push(duplicate(one, before));
  }
  return { first: [...first.values()], again };
}

function duplicate(one: FoundResource, before: FoundResource): Problem {
  const first = locationOf(before);
  const where = first === undefined ? '' : ` (first in ${first.file}:${first.line ?? 1})`;
  const location = locationOf(one);
  return {
    code: 'duplicate',
    message: `is defined a second time${where}; rename or remove one`,
    subject: subjectOf(one.resource),
    store: one.store,
    ...(location && { location }),
  };
}

function locationOf({ origin }: FoundResource): SourceLocation | undefined {
  return origin?.file === undefined ? undefined : { path: [], file: origin.file, ...origin.locate?.([]) };
}

function subjectOf({ kind, metadata }: Resource): string {
  return formatRef({ kind, name: metadata.name, namespace: metadata.namespace });
}
