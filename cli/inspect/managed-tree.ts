import type { ManagedNode, ManagedResource, ManagedWorkflow } from '../../kernel/index.js';
import type { ManagedView } from './managed-view.js';

/** What a step manages, with each resource as it is now. */
export type ManagedTree =
  | { readonly type: 'nothing' }
  | { readonly type: 'resource'; readonly view: ManagedView }
  | { readonly type: 'items'; readonly items: readonly ManagedTree[] }
  | WorkflowTree;

/** What a Workflow manages, step by step. */
export interface WorkflowTree {
  readonly type: 'workflow';
  readonly workflow: string;
  readonly steps: readonly { readonly label: string; readonly tree: ManagedTree }[];
}

/** Looks at every resource of a record. */
export async function treeOf(
  { workflow, resources }: ManagedWorkflow,
  look: (record: ManagedResource) => Promise<ManagedView>,
): Promise<WorkflowTree> {
  const steps = await Promise.all(
    Object.entries(resources).map(async ([label, node]) => ({ label, tree: await nodeTree(node, look) })),
  );
  return { type: 'workflow', workflow, steps };
}

async function nodeTree(
  node: ManagedNode,
  look: (record: ManagedResource) => Promise<ManagedView>,
): Promise<ManagedTree> {
  if (node === null) return { type: 'nothing' };
  if (Array.isArray(node)) {
    const items = await Promise.all((node as readonly ManagedNode[]).map((item) => nodeTree(item, look)));
    return { type: 'items', items };
  }
  const one = node as ManagedResource | ManagedWorkflow;
  return 'resources' in one ? treeOf(one, look) : { type: 'resource', view: await look(one) };
}

/** Every resource in a tree, in the order of the steps. */
export function viewsIn(tree: ManagedTree): readonly ManagedView[] {
  switch (tree.type) {
    case 'nothing':
      return [];
    case 'resource':
      return [tree.view];
    case 'items':
      return tree.items.flatMap(viewsIn);
    case 'workflow':
      return tree.steps.flatMap((step) => viewsIn(step.tree));
  }
}
