import { isObject, type JsonObject } from '../kernel/index.js';
import { CLUSTER_NAME, CLUSTER_TYPE, type ClusterChoice } from './cluster-choice.js';
import type { LogLevel } from './config.js';
import type { Misfit } from './misfit.js';

/** The variables of a process, by name. One that is empty counts as one that is not there. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A deployment that variables describe, as a configuration would, and what is wrong with them. */
export interface DescribedDeployment {
  readonly value: JsonObject;
  readonly misfits: readonly Misfit[];
}

/** The store of what is managed, where that is another cluster. */
const MANAGED_NAME = 'managed';

const NAMESPACES = ['KOREO_NAMESPACE', 'TEMPLATE_NAMESPACE', 'RESOURCE_NAMESPACE', 'MANAGED_RESOURCE_NAMESPACE'];
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/u;

/** The levels of the original, which are Python's, and those that are ours. */
const LEVELS: Readonly<Record<string, LogLevel>> = {
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'error',
};

/** Whether the process runs in a pod: every container is told where the API server of its cluster is. */
export function isInCluster(environment: Environment): boolean {
  return given(environment, 'KUBERNETES_SERVICE_HOST') !== undefined;
}

/**
 * The deployment of a controller that has no configuration: one cluster, or with `MANAGED_RESOURCE_*` two, of which one holds
 * definitions and triggers and the other what is made of them. The variables are those of the original controller; what was
 * chosen on the command line comes before them.
 */
export function describedBy(environment: Environment, choice: ClusterChoice): DescribedDeployment {
  const definitions = definitionNamespaces(environment);
  const resources = choice.namespaces ?? listOf(environment, ['RESOURCE_NAMESPACE']);
  const managed = managedStore(environment);
  const cluster = {
    name: CLUSTER_NAME,
    type: CLUSTER_TYPE,
    ...(choice.context === undefined ? {} : { context: choice.context }),
    ...(choice.kubeconfig === undefined ? {} : { kubeconfig: choice.kubeconfig }),
    ...(resources.length === 0 ? {} : { namespaces: resources }),
  };
  const source = { store: CLUSTER_NAME, ...(definitions.length === 0 ? {} : { namespaces: definitions }) };
  const value = {
    stores: [cluster, ...(managed === undefined ? [] : [managed])],
    definitions: [source],
    ...(managed === undefined ? {} : { triggerStore: CLUSTER_NAME, defaultStore: MANAGED_NAME }),
  };
  return { value, misfits: NAMESPACES.flatMap((name) => checkNamespace(environment, name)) };
}

/** Lets `LOG_LEVEL` say what is logged, with and without a file, unless the configuration says it itself. */
export function withLogLevel(value: JsonObject, environment: Environment): DescribedDeployment {
  const wanted = given(environment, 'LOG_LEVEL');
  const logging = value.logging ?? {};
  if (wanted === undefined || !isObject(logging) || logging.level !== undefined) return { value, misfits: [] };
  const level = Object.entries(LEVELS).find(([name]) => name === wanted.toUpperCase())?.[1];
  if (level !== undefined) return { value: { ...value, logging: { ...logging, level } }, misfits: [] };
  const message = `the variable LOG_LEVEL is '${wanted}', which is none of ${Object.keys(LEVELS).join(', ')}`;
  return { value, misfits: [{ code: 'environment', path: [], message }] };
}

/** Whether it is a variable that is wrong, which stands in no file. */
export function isOfVariable({ code }: Misfit): boolean {
  return code === 'environment';
}

/** Functions and Workflows count before templates, which have namespaces of their own in few deployments. */
function definitionNamespaces(environment: Environment): readonly string[] {
  return listOf(environment, ['KOREO_NAMESPACE', 'TEMPLATE_NAMESPACE']);
}

/** As in the original, a namespace alone makes no second cluster. */
function managedStore(environment: Environment): JsonObject | undefined {
  const serviceAccount = given(environment, 'MANAGED_RESOURCE_SERVICEACCOUNT');
  const options = {
    server:
      given(environment, 'MANAGED_RESOURCE_API_SERVER_URL') ??
      (serviceAccount === undefined ? undefined : ownServer(environment)),
    kubeconfig: given(environment, 'MANAGED_RESOURCE_KUBECONFIG'),
    context: given(environment, 'MANAGED_RESOURCE_CONTEXT'),
    serviceAccount,
  };
  const said = Object.entries(options).filter(([, value]) => value !== undefined) as [string, string][];
  if (said.length === 0) return undefined;
  const namespace = given(environment, 'MANAGED_RESOURCE_NAMESPACE');
  return {
    name: MANAGED_NAME,
    type: CLUSTER_TYPE,
    ...Object.fromEntries(said),
    ...(namespace === undefined ? {} : { namespaces: [namespace] }),
  };
}

/** The API server of the pod's own cluster; IPv6 addresses are written in brackets. */
function ownServer(environment: Environment): string | undefined {
  const host = given(environment, 'KUBERNETES_SERVICE_HOST');
  if (host === undefined) return undefined;
  return `https://${host.includes(':') ? `[${host}]` : host}:${given(environment, 'KUBERNETES_SERVICE_PORT') ?? '443'}`;
}

function listOf(environment: Environment, names: readonly string[]): readonly string[] {
  return [...new Set(names.flatMap((name) => given(environment, name) ?? []))];
}

function checkNamespace(environment: Environment, name: string): readonly Misfit[] {
  const value = given(environment, name);
  if (value === undefined || NAMESPACE.test(value)) return [];
  const message = `the variable ${name} is '${value}', which is no name of a namespace (a-z, 0-9 and '-', at most 63 characters)`;
  return [{ code: 'environment', path: [], message }];
}

function given(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}
