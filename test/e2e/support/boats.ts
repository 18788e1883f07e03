import { asResource, type JsonObject, type Resource } from 'koreo-kernel';
import { parseAllDocuments } from 'yaml';

const PARTS = ['hull', 'mast', 'sail', 'rudder'] as const;

/** What a part of a boat is called by its kind. */
export type PartName = (typeof PARTS)[number];

/** All that a boat may be made of. */
export const ALL_PARTS: readonly PartName[] = PARTS;

/** Fifty boats may be asked for. */
export const BOAT_NAMES: readonly string[] = Array.from({ length: 50 }, (_, index) => `boat-${index}`);

/** What somebody asks for: which parts, and of what colour. */
export interface Boat {
  readonly colour: number;
  readonly parts: readonly PartName[];
}

/** A step for each part. A boat owns its hull and its mast, where it can; the rest is of no owner, and destroyed all the same. */
export const BOAT_DEFINITIONS = `
apiVersion: koreo.dev/v1beta1
kind: Workflow
metadata: {name: boats.v1, namespace: yard}
spec:
  crdRef: {apiGroup: yard.example.com, version: v1, kind: Boat}
  steps:
${PARTS.map(
  (part) => `    - label: ${part}
      ref: {kind: ResourceFunction, name: ${part === 'hull' || part === 'mast' ? 'part.v1' : 'fitting.v1'}}
      skipIf: =!parent.spec.parts.exists(part, part == "${part}")
      inputs: {name: '=parent.metadata.name + "-${part}"', colour: =parent.spec.colour}`,
).join('\n')}
${['part', 'fitting']
  .map(
    (name) => `---
apiVersion: koreo.dev/v1beta1
kind: ResourceFunction
metadata: {name: ${name}.v1, namespace: yard}
spec:
  apiConfig:
    {apiVersion: yard.example.com/v1, kind: Part, name: =inputs.name, namespace: yard, owned: ${name === 'part'}}
  resource: {spec: {colour: =inputs.colour}}
  create: {delay: 0}
  update: {patch: {delay: 0}}
  delete: {destroy: {}}
`,
  )
  .join('')}`;

/** The same, one by one. */
export const boatDefinitions = (): readonly Resource[] =>
  parseAllDocuments(BOAT_DEFINITIONS).map((document) => asResource(document.toJS() as JsonObject));

/** The resource by which a boat is asked for. */
export function boatResource(name: string, { colour, parts }: Boat): Resource {
  const metadata = { name, namespace: 'yard' };
  return asResource({ apiVersion: 'yard.example.com/v1', kind: 'Boat', metadata, spec: { colour, parts: [...parts] } });
}

/** A part as it is told of in comparisons. */
export function partText({ metadata, spec }: Resource): string {
  return `${metadata.name} ${(spec as { readonly colour?: unknown }).colour}`;
}
