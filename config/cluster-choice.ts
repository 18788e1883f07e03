import { isList, isObject, type Json, type JsonObject } from '../kernel/index.js';
import type { Misfit } from './misfit.js';

/** The type of store that a cluster is, and its name where no file gives it one. */
export const CLUSTER_TYPE = 'kubernetes';
export const CLUSTER_NAME = 'cluster';

/** A cluster as someone chooses it beside the configuration: options of its store that come before those of the file. */
export interface ClusterChoice {
  /** The name of a context of the kubeconfig. */
  readonly context?: string;
  /** The path of a kubeconfig, absolute or relative to the configuration's folder. */
  readonly kubeconfig?: string;
  /** The namespaces that are looked at; all of them when absent. */
  readonly namespaces?: readonly string[];
}

/** A configuration with the choice in it, and what keeps it from being made. */
export interface ChosenConfig {
  readonly value: JsonObject;
  readonly misfits: readonly Misfit[];
}

/**
 * Lays the choice over the Kubernetes store of a configuration: the only one, or of several that of triggers, or the
 * default store. Where no stores are configured, one such store becomes the whole deployment.
 */
export function withCluster(value: JsonObject, choice: ClusterChoice): ChosenConfig {
  const options = Object.fromEntries(Object.entries(choice).filter(([, option]) => option !== undefined)) as JsonObject;
  if (Object.keys(options).length === 0) return { value, misfits: [] };
  if (!isList(value.stores)) {
    return { value: { ...value, stores: [{ name: CLUSTER_NAME, type: CLUSTER_TYPE, ...options }] }, misfits: [] };
  }
  const clusters = value.stores.filter(isCluster);
  const [only, ...others] = clusters;
  const chosen =
    others.length === 0 ? only : clusters.find(({ name }) => name === (value.triggerStore ?? value.defaultStore));
  if (chosen === undefined) return { value, misfits: [noneMeant(Object.keys(options), clusters)] };
  const stores = value.stores.map((store) => (store === chosen ? { ...chosen, ...options } : store));
  return { value: { ...value, stores }, misfits: [] };
}

function isCluster(store: Json): store is JsonObject {
  return isObject(store) && store.type === CLUSTER_TYPE;
}

function noneMeant(options: readonly string[], clusters: readonly JsonObject[]): Misfit {
  const what = options.map((option) => `'${option}'`).join(' and ');
  const message =
    clusters.length === 0
      ? `${what} cannot be chosen, for there is no store of type ${CLUSTER_TYPE} here; add one, or name no configuration`
      : `${what} can be chosen for one store of type ${CLUSTER_TYPE} only, and there are ${clusters.length} (${clusters
          .map(({ name }) => String(name))
          .join(', ')}); make one of them the \`defaultStore\`, or set it in the file`;
  return { code: 'cluster-choice', path: ['stores'], message };
}
