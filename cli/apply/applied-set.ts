import { annotationOf, formatRef, type Resource, refOf } from '../../kernel/index.js';
import { UsageError } from '../usage-error.js';

/** The label by which the resources of a set are found, and the annotation that proves it of each. */
const APPLIED_SET = 'koreo.dev/applied-set';
const LABEL_VALUE = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** @throws UsageError when a label cannot hold the name */
export function checkSetName(name: string | undefined): void {
  if (name === undefined || LABEL_VALUE.test(name)) return;
  throw new UsageError(`'${name}' cannot name a set: up to 63 letters, digits, '-', '_' and '.'`);
}

/** The labels that resources of the set have. */
export function labelsOfSet(name: string): Readonly<Record<string, string>> {
  return { [APPLIED_SET]: name };
}

/** The resource as a member of the set. */
export function asMember(resource: Resource, name: string): Resource {
  const { metadata } = resource;
  return {
    ...resource,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...labelsOfSet(name) },
      annotations: { ...metadata.annotations, [APPLIED_SET]: proof(resource, name) },
    },
  };
}

/**
 * Whether the resource itself was applied as a member of the set. Labels are copied to other resources by controllers that
 * know nothing of sets, such as those of a Service to its Endpoints; what such a copy says is about another resource.
 */
export function isMember(resource: Resource, name: string): boolean {
  return (
    String(resource.metadata.labels?.[APPLIED_SET] ?? '') === name &&
    annotationOf(resource, APPLIED_SET) === proof(resource, name)
  );
}

function proof(resource: Resource, name: string): string {
  return `${name}: ${formatRef(refOf(resource))}`;
}
