/** Definitions that make a Juice of every Fruit: a Workflow, a ValueFunction for the text, a ResourceFunction. */
export const FRUIT_DEFINITIONS: Readonly<Record<string, string>> = {
  'definitions/workflow.koreo': `
apiVersion: koreo.dev/v1beta1
kind: Workflow
metadata: {name: juice.v1, namespace: kitchen}
spec:
  crdRef: {apiGroup: fruit.example.com, version: v1, kind: Fruit}
  steps:
    - label: recipe
      ref: {kind: ValueFunction, name: recipe.v1}
      inputs: {fruit: =parent.spec}
    - label: juice
      ref: {kind: ResourceFunction, name: juice.v1}
      inputs: {name: =parent.metadata.name, text: =steps.recipe.text}
      condition: {type: Pressed, name: The juice}
`,
  'definitions/recipe.koreo': `
apiVersion: koreo.dev/v1beta1
kind: ValueFunction
metadata: {name: recipe.v1, namespace: kitchen}
spec:
  return:
    text: ="press " + inputs.fruit.sort
`,
  'definitions/juice.koreo': `
apiVersion: koreo.dev/v1beta1
kind: ResourceFunction
metadata: {name: juice.v1, namespace: kitchen}
spec:
  apiConfig: {apiVersion: fruit.example.com/v1, kind: Juice, name: =inputs.name, namespace: kitchen}
  resource:
    spec: {text: =inputs.text}
  create: {delay: 0}
  update: {patch: {delay: 0}}
  return: {text: =resource.spec.text}
`,
};

/** A Fruit as a manifest. */
export function fruit(name: string, sort: string): string {
  return `apiVersion: fruit.example.com/v1
kind: Fruit
metadata: {name: ${name}, namespace: kitchen}
spec: {sort: ${sort}}
`;
}

/** Folders for definitions, triggers and what comes of them. */
export const FRUIT_CONFIG = `
stores:
  - {name: definitions, type: file-system, root: ./definitions}
  - {name: fruits, type: file-system, root: ./fruits}
  - {name: out, type: file-system, root: ./out}
definitions: [{store: definitions}]
routing: [{kind: Fruit, store: fruits}]
defaultStore: out
`;

/** The whole project, with an apple and a pear. */
export const FRUIT_PROJECT: Readonly<Record<string, string>> = {
  ...FRUIT_DEFINITIONS,
  'koreo.config.yaml': FRUIT_CONFIG,
  'fruits/apple.yaml': fruit('apple', 'apples'),
  'fruits/pear.yaml': fruit('pear', 'pears'),
};
