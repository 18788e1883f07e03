import type { Json, JsonObject, Resource } from 'koreo-kernel';

/** A definition of that kind and name. */
function definition(kind: string, name: string, spec: JsonObject): Resource {
  return { apiVersion: 'koreo.dev/v1beta1', kind, metadata: { name, namespace: 'bench' }, spec };
}

function workflow(name: string, steps: readonly Json[]): Resource {
  const crdRef = { apiGroup: 'bench.example.com', version: 'v1', kind: 'BenchTrigger' };
  return definition('Workflow', name, { crdRef, steps });
}

/** What steps call. Small, so that it is the Workflow that is measured. */
export const STEP_FUNCTIONS: readonly Resource[] = [
  definition('ValueFunction', 'next-stop.v1', {
    return: { stop: '=inputs.stop + 1', note: '=inputs.note + "-" + string(inputs.stop)' },
  }),
  definition('ValueFunction', 'read-parcels.v1', { return: { parcels: '=inputs.parcels' } }),
  definition('ValueFunction', 'label-parcel.v1', {
    return: { label: '=inputs.depot + "-" + string(inputs.parcel.n)', twice: '=inputs.parcel.n * 2' },
  }),
  definition('ValueFunction', 'load-parcels.v1', {
    return: { count: '=size(inputs.loaded)', labels: '=inputs.loaded.map(l, l.label)' },
  }),
];

const nextStop = { kind: 'ValueFunction', name: 'next-stop.v1' };

/** Each step needs the one before; the last gives the state, and shows a condition. */
export function chain(name: string, length: number): Resource {
  const steps = Array.from({ length }, (_, index) => ({
    label: stepLabel(index),
    ref: nextStop,
    inputs: {
      stop: index === 0 ? '=parent.spec.stop' : `=steps.${stepLabel(index - 1)}.stop`,
      note: '=parent.metadata.name',
    },
    ...(index < length - 1 ? {} : { condition: { type: 'Route', name: 'The route' }, state: { final: '=value.stop' } }),
  }));
  return workflow(name, steps);
}

/** A step that reads the items, one that runs for each of them, and one that gathers. */
export function forEach(name: string): Resource {
  return workflow(name, [
    {
      label: 'read',
      ref: { kind: 'ValueFunction', name: 'read-parcels.v1' },
      inputs: { parcels: '=parent.spec.parcels' },
    },
    {
      label: 'each',
      ref: { kind: 'ValueFunction', name: 'label-parcel.v1' },
      forEach: { itemIn: '=steps.read.parcels', inputKey: 'parcel' },
      inputs: { depot: '=parent.metadata.name' },
    },
    {
      label: 'load',
      ref: { kind: 'ValueFunction', name: 'load-parcels.v1' },
      inputs: { loaded: '=steps.each' },
      state: { count: '=value.count' },
    },
  ]);
}

/** Steps that know nothing of each other, each with a state of its own. */
export function wide(name: string, width: number): Resource {
  const steps = Array.from({ length: width }, (_, index) => ({
    label: stepLabel(index),
    ref: nextStop,
    inputs: { stop: `=parent.spec.stop + ${index}`, note: '=parent.metadata.name' },
    state: { [stepLabel(index)]: '=value.stop' },
  }));
  return workflow(name, steps);
}

/** Workflows inside one another, the outermost first; the innermost calls a function, and each hands its state out. */
export function nest(name: string, depth: number): readonly Resource[] {
  return Array.from({ length: depth }, (_, level) => {
    const innermost = level === depth - 1;
    const inside = level === 0 ? 'parent.spec.stop' : 'parent.stop';
    const ref = innermost ? nextStop : { kind: 'Workflow', name: `${name}-${level + 1}` };
    const step = {
      label: 'inner',
      ref,
      inputs: {
        stop: `=${inside}${innermost ? '' : ' + 1'}`,
        note: level === 0 ? '=parent.metadata.name' : '=parent.note',
      },
      state: { final: innermost ? '=value.stop' : '=value.final' },
    };
    const steps = [step];
    if (level === 0) return workflow(name, steps);
    return definition('Workflow', `${name}-${level}`, { steps });
  });
}

/** What starts a Workflow here. */
export function benchTrigger(spec: JsonObject): Resource {
  const metadata = { name: 'depot', namespace: 'bench', uid: 'u' };
  return { apiVersion: 'bench.example.com/v1', kind: 'BenchTrigger', metadata, spec };
}

function stepLabel(index: number): string {
  return `step_${String(index + 1).padStart(2, '0')}`;
}
