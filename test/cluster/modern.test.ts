import { asResource } from 'koreo-kernel';
import { callTool } from '../support/cluster/tools.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';

const { test } = useCluster({ modern: true, tools: ['kubectl'] });

test('a modern server holds resources to the validation rules of their CRD, and kubectl says so', async (t, cluster) => {
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'evens.test.koreo.dev' },
    spec: {
      group: 'test.koreo.dev',
      scope: 'Namespaced',
      names: { kind: 'Even', plural: 'evens', singular: 'even' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { n: { type: 'integer' } },
              'x-kubernetes-validations': [{ rule: 'self.n % 2 == 0', message: 'n is odd' }],
            },
          },
        },
      ],
    },
  };
  const resource = asResource(crd);
  await cluster.apply(resource);
  try {
    const even = (n: number) =>
      callTool('kubectl', ['apply', '--validate=false', '-f', '-'], {
        env: cluster.env,
        input: JSON.stringify({ apiVersion: 'test.koreo.dev/v1', kind: 'Even', metadata: { name: 'n' }, n }),
      });
    await eventually('the kind', async () => (await even(2)).code === 0);
    const { code, stderr } = await even(3);
    t.is(code, 1);
    t.regex(stderr, /n is odd/);
  } finally {
    await cluster.remove(resource);
  }
});
