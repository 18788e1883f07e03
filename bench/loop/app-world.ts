import { asResource, isObject, type JsonObject, type Resource } from 'koreo-kernel';
import { parseAllDocuments } from 'yaml';

/** What every trigger of the world is run by: three resources, each with a handful of expressions and constants. */
const DEFINITIONS = `
apiVersion: koreo.dev/v1beta1
kind: Workflow
metadata: {name: app.v1, namespace: bench}
spec:
  crdRef: {apiGroup: bench.example.com, version: v1, kind: App}
  steps:
    - label: settings
      ref: {kind: ResourceFunction, name: app-settings.v1}
      inputs: {metadata: =parent.metadata, spec: =parent.spec}
    - label: server
      ref: {kind: ResourceFunction, name: app-server.v1}
      inputs: {metadata: =parent.metadata, spec: =parent.spec}
      condition: {type: Serving, name: The server}
      state: {replicas: =value.replicas}
    - label: address
      ref: {kind: ResourceFunction, name: app-address.v1}
      inputs: {metadata: =parent.metadata, spec: =parent.spec}
---
apiVersion: koreo.dev/v1beta1
kind: ResourceFunction
metadata: {name: app-settings.v1, namespace: bench}
spec:
  apiConfig:
    apiVersion: bench.example.com/v1
    kind: Settings
    plural: settings
    name: =inputs.metadata.name
    namespace: =inputs.metadata.namespace
  resource:
    spec:
      data:
        GREETING: ='Hello from ' + inputs.metadata.name
        LOG_LEVEL: =inputs.spec.logLevel
        MODE: production
  create: {delay: 0}
  return: {name: =resource.metadata.name}
---
apiVersion: koreo.dev/v1beta1
kind: ResourceFunction
metadata: {name: app-server.v1, namespace: bench}
spec:
  preconditions:
    - assert: =inputs.spec.replicas > 0
      skip: {message: No replicas are asked for}
  locals:
    labels:
      app: =inputs.metadata.name
      tier: web
  apiConfig:
    apiVersion: bench.example.com/v1
    kind: Server
    plural: servers
    name: =inputs.metadata.name
    namespace: =inputs.metadata.namespace
  resource:
    metadata: {labels: =locals.labels}
    spec:
      replicas: =inputs.spec.replicas
      selector: {matchLabels: =locals.labels}
      template:
        metadata: {labels: =locals.labels}
        spec:
          containers:
            - name: web
              image: =inputs.spec.image
              ports: [{containerPort: 8080, name: http, protocol: TCP}]
              resources:
                limits: {cpu: 500m, memory: 128Mi}
                requests: {cpu: 100m, memory: 64Mi}
  create: {delay: 0}
  return: {replicas: =resource.spec.replicas}
---
apiVersion: koreo.dev/v1beta1
kind: ResourceFunction
metadata: {name: app-address.v1, namespace: bench}
spec:
  apiConfig:
    apiVersion: bench.example.com/v1
    kind: Address
    plural: addresses
    name: =inputs.metadata.name
    namespace: =inputs.metadata.namespace
  resource:
    spec:
      selector: {app: =inputs.metadata.name}
      ports: [{name: http, port: 80, protocol: TCP, targetPort: http}]
      host: =inputs.metadata.name + '.example.com'
  create: {delay: 0}
  return: {host: =resource.spec.host}
`;

/** How many resources each trigger of the world has made for it. */
export const RESOURCES_EACH = 3;

/** The Workflow of Apps, and its functions. */
export function appDefinitions(): readonly Resource[] {
  return parseAllDocuments(DEFINITIONS)
    .map((document): unknown => document.toJS())
    .filter(isObject)
    .map((definition: JsonObject) => asResource(definition));
}

/** So many Apps, no two the same. */
export function apps(count: number): readonly Resource[] {
  return Array.from({ length: count }, (_, index) => app(index));
}

/** One App. */
export function app(index: number): Resource {
  return asResource({
    apiVersion: 'bench.example.com/v1',
    kind: 'App',
    metadata: { name: `app-${index}`, namespace: `team-${index % 20}` },
    spec: { image: `registry.example.com/app:${index % 7}`, replicas: 1 + (index % 5), logLevel: 'info' },
  });
}
