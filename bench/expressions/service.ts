import type { Json } from 'koreo-kernel';
import type { Line, Scope } from './line.js';

/** What is there once per service, and the same in every language but for two of its leaves. */
function deployment(image: string, env: string): Json {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: '=inputs.name', labels: { app: '=inputs.name' } },
    spec: {
      replicas: '=inputs.replicas',
      selector: { matchLabels: { app: '=inputs.name' } },
      template: {
        metadata: { labels: { app: '=inputs.name' } },
        spec: {
          containers: [{ name: 'main', image, ports: [{ containerPort: '=inputs.port', protocol: 'TCP' }], env }],
        },
      },
    },
  };
}

/** A resource as they are in real life: many constants, a few expressions that only look something up, and two that compute. */
export const SERVICE: Line = {
  name: 'deployment-struct',
  inputs: {
    inputs: {
      name: 'api',
      replicas: 3,
      image: 'caddy',
      tag: '2.10',
      port: 8080,
      env: { K: '1', L: '2', M: '3' },
    },
  },
  gives: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api', labels: { app: 'api' } },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'api' } },
      template: {
        metadata: { labels: { app: 'api' } },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'caddy:2.10',
              ports: [{ containerPort: 8080, protocol: 'TCP' }],
              env: ['K', 'L', 'M'].map((name, index) => ({ name, value: `${index + 1}` })),
            },
          ],
        },
      },
    },
  },
  cel: deployment('=inputs.image + ":" + inputs.tag', '=inputs.env.map(k, {"name": k, "value": inputs.env[k]})'),
  jsonata: deployment(
    '=inputs.image & ":" & inputs.tag',
    '=[$each(inputs.env, function($v, $k) {{"name": $k, "value": $v}})]',
  ),
  javascript: ({ inputs: { env, image, name, port, replicas, tag } }: Scope) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name: 'main',
              image: `${image}:${tag}`,
              ports: [{ containerPort: port, protocol: 'TCP' }],
              env: Object.keys(env).map((key) => ({ name: key, value: env[key] })),
            },
          ],
        },
      },
    },
  }),
};
