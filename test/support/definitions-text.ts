/** A ValueFunction that doubles `inputs.n`. */
export const DOUBLE = `
apiVersion: koreo.dev/v1beta1
kind: ValueFunction
metadata: {name: double.v1, namespace: demo}
spec:
  return:
    n: =inputs.n * 2
`;

/** A FunctionTest of {@link DOUBLE} whose cases pass. */
export const DOUBLE_TEST = `
apiVersion: koreo.dev/v1beta1
kind: FunctionTest
metadata: {name: double, namespace: demo}
spec:
  functionRef: {kind: ValueFunction, name: double.v1}
  inputs: {n: 2}
  testCases:
    - label: doubles
      expectReturn: {n: 4}
    - label: doubles more
      variant: true
      inputOverrides: {n: 10}
      expectReturn: {n: 20}
`;
