import { readFileSync } from 'node:fs';
import test from 'ava';
import { loadConfig } from 'koreo-kernel/config';
import { parse } from 'yaml';
import { builtInPlugins } from '../../cli/built-in-plugins.js';
import { CHART, find, helm, helmMissing, type Manifest, render } from '../support/helm.js';
import { tempFolder } from '../support/temp-folder.js';

const withHelm = helmMissing === undefined ? test : test.skip;
if (helmMissing !== undefined) test(`the chart is not rendered: ${helmMissing}`, (t) => t.pass());

/** Values that people have, each with something that is only then made. */
const MATRIX: Readonly<Record<string, unknown>> = {
  defaults: {},
  'several replicas': {
    controller: {
      replicas: 3,
      pdb: { enabled: true },
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
      ],
      priorityClassName: 'system-cluster-critical',
      affinity: { nodeAffinity: {} },
      tolerations: [{ key: 'infra', operator: 'Exists' }],
    },
  },
  'one namespace for everything': {
    controller: { resourceNamespace: 'koreo', koreoNamespace: 'koreo', templateNamespace: 'koreo' },
  },
  'metrics for Prometheus': { controller: { serviceMonitor: { enabled: true, labels: { release: 'prometheus' } } } },
  'neither CRDs nor roles nor ServiceAccount': {
    crds: { install: false },
    controller: { rbac: { create: false }, serviceAccount: { create: false, name: 'given' } },
  },
  'two clusters': {
    config: {
      stores: [
        { name: 'control', type: 'kubernetes' },
        { name: 'prod', type: 'kubernetes', kubeconfig: '/etc/clusters/prod/kubeconfig' },
      ],
      triggerStore: 'control',
      defaultStore: 'prod',
    },
    controller: {
      volumes: [{ name: 'prod', secret: { secretName: 'prod-kubeconfig' } }],
      volumeMounts: [{ name: 'prod', mountPath: '/etc/clusters/prod', readOnly: true }],
      extraEnv: [{ name: 'LOG_LEVEL', value: 'debug' }],
    },
  },
  'everything beside': {
    development: true,
    commonLabels: { team: 'platform' },
    fullnameOverride: 'controller',
    controller: {
      image: {
        repository: 'registry.example/koreo',
        digest: `sha256:${'a'.repeat(64)}`,
        pullSecrets: [{ name: 'pull' }],
      },
      podLabels: { sidecar: 'no' },
      podAnnotations: { 'example.com/seen': 'yes' },
      deploymentAnnotations: { 'example.com/owner': 'platform' },
      initContainers: [{ name: 'first', image: 'busybox' }],
      extraContainers: [{ name: 'beside', image: 'busybox' }],
      serviceAccount: { annotations: { 'example.com/role': 'koreo' }, labels: { a: 'b' } },
      rbac: {
        extraRules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] }],
        namespace: { read_only: { 'apps/v1': ['deployments'] }, read_write: { '': ['configmaps'] } },
        cluster: { read_only: { v1: ['namespaces'] }, read_write: { 'example.com': ['websites'] } },
      },
    },
  },
};

for (const [name, values] of Object.entries(MATRIX)) {
  withHelm(`with values for ${name} the chart is linted, and every object has a name and the chart's labels`, (t) => {
    const linted = helm(['lint', '--strict', CHART], values);
    t.is(linted.code, 0, linted.stdout + linted.stderr);
    const manifests = render(values);
    t.true(manifests.length >= 2);
    for (const { kind, metadata } of manifests) {
      t.truthy(metadata.name, kind);
      t.is(metadata.labels['app.kubernetes.io/name'], 'koreo', kind);
    }
    const keys = manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
    t.deepEqual(keys, [...new Set(keys)], 'no two are one');
  });

  withHelm(`with values for ${name} a pod has no privilege, and what it is given fits together`, (t) => {
    const { template } = find(render(values), 'Deployment').spec;
    t.deepEqual(template.spec.securityContext, {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const controller = controllerOf(template);
    t.deepEqual(controller.securityContext, {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) t.false(key in template.spec);
    t.truthy(controller.resources.requests.cpu);
    t.truthy(controller.resources.requests.memory);
    t.truthy(controller.resources.limits.memory);
    const volumes: readonly string[] = template.spec.volumes.map(({ name: one }: Manifest) => one);
    for (const { name: mounted } of controller.volumeMounts) t.true(volumes.includes(mounted), mounted);
    for (const { hostPath } of template.spec.volumes) t.is(hostPath, undefined);
  });
}

withHelm('the probes ask the port that the configuration serves', (t) => {
  const manifests = render({ config: { server: { port: 9000 } } });
  const controller = controllerOf(find(manifests, 'Deployment').spec.template);
  t.deepEqual(controller.ports, [{ name: 'http', containerPort: 9000, protocol: 'TCP' }]);
  t.deepEqual(controller.livenessProbe.httpGet, { path: '/livez', port: 'http' });
  t.deepEqual(controller.readinessProbe.httpGet, { path: '/readyz', port: 'http' });
  t.deepEqual(controller.startupProbe.httpGet, { path: '/livez', port: 'http' });
  t.deepEqual(configOf(manifests).server, { address: '0.0.0.0', port: 9000 });
});

withHelm('a pod is given longer to end than runs are', (t) => {
  const grace = (values: unknown) =>
    find(render(values), 'Deployment').spec.template.spec.terminationGracePeriodSeconds as number;
  t.is(grace({}), 40);
  t.is(grace({ config: { loop: { stopGraceSeconds: 119.5 } } }), 130);
});

withHelm('a changed configuration makes new pods, and an unchanged one does not', (t) => {
  const checksum = (values: unknown) =>
    find(render(values), 'Deployment').spec.template.metadata.annotations['checksum/config'] as string;
  t.is(checksum({}), checksum({ commonLabels: { a: 'b' } }));
  t.not(checksum({}), checksum({ config: { loop: { periodSeconds: 60 } } }));
});

withHelm('definitions come from the release, and what is said of namespaces is watched and no more', (t) => {
  const plain = configOf(render());
  t.deepEqual(plain.stores, [{ name: 'cluster', type: 'kubernetes' }]);
  t.deepEqual(plain.definitions, [{ store: 'cluster', namespaces: ['koreo'] }]);
  const bounded = configOf(
    render({ controller: { koreoNamespace: 'defs', templateNamespace: 'templates', resourceNamespace: ['a', 'b'] } }),
  );
  t.deepEqual(bounded.stores, [{ name: 'cluster', type: 'kubernetes', namespaces: ['a', 'b'] }]);
  t.deepEqual(bounded.definitions, [{ store: 'cluster', namespaces: ['defs', 'templates'] }]);
});

for (const [name, values] of Object.entries(MATRIX)) {
  withHelm(`with values for ${name} the configuration is one that can be used`, async (t) => {
    const text = find(render(values), 'ConfigMap').data['koreo.config.yaml'];
    const cwd = tempFolder(t, { 'koreo.config.yaml': text });
    const { config } = await loadConfig({ cwd, ...builtInPlugins });
    t.is(config.logging.format, 'json');
    t.is(config.server?.address, '0.0.0.0');
    t.is(config.leaderElection?.name, find(render(values), 'Deployment').metadata.name);
  });
}

withHelm('what config says is laid over the rest, and the leader is elected in a store that is there', (t) => {
  const config = configOf(
    render({
      config: {
        stores: [
          { name: 'files', type: 'file-system', root: '/data' },
          { name: 'control', type: 'kubernetes' },
        ],
        limits: { runSteps: 20_000_000 },
        leaderElection: { leaseSeconds: 30 },
      },
    }),
  );
  t.deepEqual(config.definitions, [{ store: 'control', namespaces: ['koreo'] }]);
  t.deepEqual(config.leaderElection, { store: 'control', namespace: 'koreo', name: 'koreo', leaseSeconds: 30 });
  t.is(config.limits.runSteps, 20_000_000);
});

withHelm('without leader election there is one replica, and the old one ends before the new one begins', (t) => {
  const manifests = render({ controller: { leaderElection: { enabled: false } } });
  t.deepEqual(find(manifests, 'Deployment').spec.strategy, { type: 'Recreate' });
  t.false('leaderElection' in configOf(manifests));
  t.false(JSON.stringify(find(manifests, 'Role').rules).includes('leases'));
});

withHelm('bounded namespaces bound the rights too', (t) => {
  const bindings = (values: unknown) =>
    render(values)
      .filter(({ roleRef }) => roleRef?.name === 'koreo-resources')
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}`);
  t.deepEqual(bindings({}), ['ClusterRoleBinding ']);
  t.deepEqual(bindings({ controller: { resourceNamespace: ['a', 'b'] } }), ['RoleBinding a', 'RoleBinding b']);
});

withHelm('no rule of the defaults names every resource or every verb, or a Secret', (t) => {
  const rules = render().flatMap((one) => (one.kind === 'ClusterRole' || one.kind === 'Role' ? (one.rules ?? []) : []));
  t.true(rules.length > 3);
  for (const { apiGroups, resources, verbs } of rules) {
    t.false([...apiGroups, ...resources, ...verbs].includes('*'));
    t.false(resources.includes('secrets'));
  }
});

withHelm('groups may be written as in an apiVersion', (t) => {
  const { rules } = find(render(MATRIX['everything beside']), 'ClusterRole', 'controller-koreo');
  const groups = rules.map(({ apiGroups, verbs }: Manifest) => [apiGroups[0], verbs.length]);
  t.deepEqual(groups.slice(-3), [
    ['', 3],
    ['example.com', 7],
    ['*', 1],
  ]);
});

withHelm('the CRDs stay when the chart goes, unless it is said otherwise, and can be left out', (t) => {
  const crds = (values: unknown) => render(values).filter(({ kind }) => kind === 'CustomResourceDefinition');
  t.is(crds({}).length, 5);
  for (const { metadata } of crds({ crds: { annotations: { a: 'b' } } })) {
    t.like(metadata.annotations, { 'helm.sh/resource-policy': 'keep', a: 'b' });
  }
  for (const { metadata } of crds({ crds: { keep: false } })) t.deepEqual(metadata.annotations ?? {}, {});
  t.is(crds({ crds: { install: false } }).length, 0);
});

withHelm('the notes say what to do next, and warn of too many rights', (t) => {
  const notes = (values: unknown) =>
    helm(['install', 'koreo', CHART, '--dry-run=client', '--namespace', 'ops'], values).stdout;
  const plain = notes({});
  t.regex(plain, /kubectl -n ops rollout status deployment\/koreo/);
  t.regex(plain, /any namespace/);
  t.notRegex(plain, /WARNING/);
  t.regex(notes({ development: true }), /WARNING: development is true/);
});

for (const [what, values, complaint] of [
  ['a key that is misspelt', { controller: { replica: 2 } }, /replica/],
  ['a number that is a text', { controller: { replicas: 'two' } }, /replicas/],
  ['a key of the configuration that is misspelt', { config: { loop: { periodSecond: 5 } } }, /periodSecond/],
  ['a value of the configuration that cannot be', { config: { loop: { concurrency: 0 } } }, /concurrency/],
  [
    'a rule without verbs',
    { controller: { rbac: { extraRules: [{ apiGroups: ['apps'], resources: ['x'] }] } } },
    /verbs/,
  ],
  ['an unknown pull policy', { controller: { image: { pullPolicy: 'Sometimes' } } }, /pullPolicy/],
  ['a digest that is none', { controller: { image: { digest: 'latest' } } }, /digest/],
  [
    'replicas that nobody leads',
    { controller: { replicas: 2, leaderElection: { enabled: false } } },
    /controller\.replicas is 2 .* all of them would act at once/,
  ],
  [
    'a budget that says both',
    { controller: { pdb: { enabled: true, minAvailable: 1 } } },
    /minAvailable and maxUnavailable/,
  ],
] as const) {
  withHelm(`${what} is refused by name`, (t) => {
    const { code, stderr } = helm(['template', 'koreo', CHART], values);
    t.is(code, 1);
    t.regex(stderr, complaint);
  });
}

withHelm('the chart may be part of another one', (t) => {
  t.notThrows(() => render({ global: { registry: 'registry.example' } }));
});

test('the chart has the version of the package', (t) => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const chart = parse(readFileSync(`${CHART}/Chart.yaml`, 'utf8'));
  t.is(chart.appVersion, version);
});

function controllerOf({ spec }: Manifest): Manifest {
  return spec.containers.find(({ name }: Manifest) => name === 'controller');
}

function configOf(manifests: readonly Manifest[]): Manifest {
  return parse(find(manifests, 'ConfigMap').data['koreo.config.yaml']);
}
