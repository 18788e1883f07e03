import type {
  DefinitionLookup,
  LogicRef,
  Path,
  PreparedFunction,
  PreparedResourceFunction,
  PreparedStep,
  PreparedWorkflow,
  Program,
  StepLogic,
  Template,
} from '../../kernel/index.js';
import { ReadCollector, type Reader } from './definition-reads.js';
import { anyOf, following, type Origins, scopeOf, TRIGGER, throughTemplate, UNKNOWN } from './origins.js';
import { Shape } from './shape.js';

/**
 * What a Workflow and the Logic that it runs read of the trigger, followed through inputs, locals, returns and states as far
 * as values are passed on as they are. What is computed from a value says nothing of what is in it.
 */
export function triggerShape(workflow: PreparedWorkflow, definitions: DefinitionLookup): Shape {
  const shape = new Shape();
  new WorkflowWalk(definitions, new ReadCollector(shape)).workflow(workflow, TRIGGER);
  return shape;
}

/** Visits Logic with its inputs, and says where what it gives comes from. */
class WorkflowWalk {
  readonly #definitions: DefinitionLookup;
  readonly #collect: ReadCollector;

  constructor(definitions: DefinitionLookup, collect: ReadCollector) {
    this.#definitions = definitions;
    this.#collect = collect;
  }

  /** @returns the origins of its state */
  workflow(workflow: PreparedWorkflow, parent: Origins, within = ''): Origins {
    const values: Record<string, Origins> = {};
    const tested = testsOf(programsOfWorkflow(workflow));
    const states = workflow.steps.map((step) => {
      const name = `${within}${step.label}`;
      const scope = scopeOf({ parent, steps: scopeOf({ ...values }) });
      const value = this.#step(step, { scope, tested, mayBeSkipped: step.skipIf !== undefined, name });
      values[step.label] = value;
      const reader = { scope: scopeOf({ value }), tested, mayBeSkipped: true, name };
      this.#collect.template(step.state, reader);
      return throughTemplate(step.state, reader.scope);
    });
    return anyOf(states);
  }

  #step(step: PreparedStep, reader: Reader): Origins {
    const { forEach, inputs, logic, skipIf } = step;
    this.#collect.expression(skipIf, { ...reader, mayBeSkipped: false }, { decides: true, type: 'boolean' });
    this.#collect.expression(forEach?.itemIn, reader, { passesOn: true, type: 'array' });
    this.#collect.template(inputs, reader, { passesOn: true });
    const given = inputsOf(step, reader.scope);
    if (logic.type === 'switch') {
      const scope = scopeOf({
        inputs: given,
        parent: under(reader.scope, 'parent'),
        steps: under(reader.scope, 'steps'),
      });
      this.#collect.expression(logic.switchOn, { ...reader, scope }, { type: 'int-or-string' });
    }
    const refs = logicOf(logic);
    const value = anyOf(
      refs.map((ref) => this.#logic(ref, given, { mayBeSkipped: refs.length > 1, name: reader.name })),
    );
    return forEach === undefined ? value : ([item, ...rest]) => (typeof item === 'number' ? value(rest) : []);
  }

  #logic(ref: LogicRef, inputs: Origins, about: Pick<Reader, 'mayBeSkipped' | 'name'>): Origins {
    const entry = this.#definitions.find(ref.kind, ref.name);
    if (entry === undefined || entry.status === 'broken') return UNKNOWN;
    const { definition } = entry;
    switch (definition.kind) {
      case 'Workflow':
        return this.workflow(definition, inputs, `${about.name}.`);
      case 'ValueFunction':
      case 'ResourceFunction':
        return this.#function(definition, inputs, about);
      default:
        return UNKNOWN;
    }
  }

  #function(logic: PreparedFunction, inputs: Origins, about: Pick<Reader, 'mayBeSkipped' | 'name'>): Origins {
    const locals: Record<string, Origins> = {};
    const scope = scopeOf({ inputs, locals: ([name, ...rest]) => locals[String(name)]?.(rest) ?? [] });
    for (const { name, template } of logic.locals.entries) locals[name] = throughTemplate(template, scope);
    const reader: Reader = { ...about, scope, tested: testsOf(programsOfFunction(logic)) };
    this.#collect.predicates(logic.preconditions, reader);
    for (const { template } of logic.locals.entries) this.#collect.template(template, reader, { passesOn: true });
    if (logic.kind === 'ResourceFunction') this.#resource(logic, reader);
    this.#collect.template(logic.return, reader, { passesOn: true });
    return throughTemplate(logic.return, scope);
  }

  #resource(logic: PreparedResourceFunction, reader: Reader): void {
    const { apiConfig, base, create, overlays, postconditions } = logic;
    this.#collect.template(apiConfig.name, reader, { type: 'string' });
    this.#collect.template(apiConfig.namespace, reader, { type: 'string' });
    if (base?.type === 'template') this.#collect.template(base.name, reader, { type: 'string' });
    else this.#collect.template(base?.resource, reader);
    for (const { body, skipIf } of overlays) {
      this.#collect.expression(skipIf, reader, { decides: true, type: 'boolean' });
      const overlaid = { ...reader, mayBeSkipped: reader.mayBeSkipped || skipIf !== undefined };
      if (body.type === 'inline') this.#collect.template(body.overlay, overlaid);
      else {
        this.#collect.template(body.inputs, overlaid, { passesOn: true });
        const given = throughTemplate(body.inputs, reader.scope);
        this.#logic({ kind: 'ValueFunction', name: body.name }, given, overlaid);
      }
    }
    this.#collect.template(create.overlay, { ...reader, mayBeSkipped: true });
    this.#collect.predicates(postconditions, reader);
  }
}

/** What the Logic of a step receives: its inputs, and with forEach an item under its key. */
function inputsOf({ forEach, inputs }: PreparedStep, scope: Origins): Origins {
  const given = throughTemplate(inputs, scope);
  if (forEach === undefined) return given;
  const lists = forEach.itemIn.program.gives ?? [];
  return (path) =>
    path[0] === forEach.inputKey ? lists.flatMap((list) => following(scope, [...list, 0], path.slice(1))) : given(path);
}

function under(scope: Origins, name: string): Origins {
  return (path) => scope([name, ...path]);
}

function logicOf(logic: StepLogic): readonly LogicRef[] {
  if (logic.type === 'ref') return [logic.ref];
  return [...logic.cases.values()];
}

function testsOf(programs: readonly Program[]): readonly Path[] {
  return programs.flatMap(({ tests = [] }) => tests);
}

function programsOfWorkflow({ steps }: PreparedWorkflow): readonly Program[] {
  return steps.flatMap(({ forEach, inputs, logic, skipIf }) => [
    ...[skipIf, forEach?.itemIn, logic.type === 'switch' ? logic.switchOn : undefined].flatMap(
      (expression) => expression?.program ?? [],
    ),
    ...programsOf(inputs),
  ]);
}

function programsOfFunction(logic: PreparedFunction): readonly Program[] {
  const own = [
    ...logic.preconditions.map(({ assert }) => assert.program),
    ...logic.locals.entries.flatMap(({ template }) => programsOf(template)),
    ...programsOf(logic.return),
  ];
  if (logic.kind === 'ValueFunction') return own;
  const { apiConfig, base, create, overlays } = logic;
  const templates = [apiConfig.name, apiConfig.namespace, base?.type === 'template' ? base.name : base?.resource];
  return [
    ...own,
    ...[...templates, create.overlay].flatMap(programsOf),
    ...overlays.flatMap(({ body, skipIf }) => [
      ...(skipIf === undefined ? [] : [skipIf.program]),
      ...programsOf(body.type === 'inline' ? body.overlay : body.inputs),
    ]),
  ];
}

function programsOf(template: Template | undefined): readonly Program[] {
  return template?.expressions.map(({ expression }) => expression.program) ?? [];
}
