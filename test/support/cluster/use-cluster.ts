import type { KubeConfig } from '@kubernetes/client-node';
import test, { type ExecutionContext } from 'ava';
import { Assets } from './assets.js';
import { Cluster } from './cluster.js';
import { readKubeconfig } from './kubeconfig.js';
import { type ClusterOptions, OwnCluster } from './own-cluster.js';
import { findTool, type Tool } from './tools.js';

/** Tests of one file that share a cluster. They run one after another, or are visibly skipped where there is none. */
export interface ClusterTests<C extends Cluster> {
  /** Why the tests are skipped; undefined when they run. */
  readonly skipped: string | undefined;
  /** Registers what has to be done once before the tests. */
  before(prepare: (cluster: C) => Promise<void>): void;
  test(title: string, run: (t: ExecutionContext, cluster: C) => Promise<void>): void;
  /** The cluster, inside a test or a hook of one. */
  readonly cluster: C;
}

/** What tests need beside an API server. */
export interface ClusterNeeds extends ClusterOptions {
  /** What 1.20 does not have: validation rules in CRDs, selectable fields, streaming lists. */
  readonly modern?: boolean;
  readonly tools?: readonly Tool[];
}

/**
 * Tests against an API server that is started for the file from the programs in `KUBEBUILDER_ASSETS`, or else against the
 * cluster of `KUBECONFIG`. They leave nothing behind, and do nothing to the server itself.
 */
export function useCluster(needs: ClusterNeeds = {}): ClusterTests<Cluster> {
  const source = clusterSource(needs);
  return clusterTests(source, async () =>
    source.type === 'assets' ? OwnCluster.start(source.assets, needs) : new Cluster(sourceFile(source)),
  );
}

/** Tests that stop, pause or configure the server: always one that is started for the file. */
export function useOwnCluster(needs: ClusterNeeds = {}): ClusterTests<OwnCluster> {
  const found = clusterSource(needs);
  const source: ClusterSource =
    found.type === 'kubeconfig'
      ? { type: 'none', reason: 'it does things to the server: set KUBEBUILDER_ASSETS' }
      : found;
  return clusterTests(source, async () => {
    if (source.type !== 'assets') throw new Error('there is no cluster');
    return OwnCluster.start(source.assets, needs);
  });
}

/** A second server for a test that needs two. It is stopped with the test. */
export async function startAnotherCluster(t: ExecutionContext, options: ClusterNeeds = {}): Promise<OwnCluster> {
  const source = clusterSource(options);
  if (source.type !== 'assets') throw new Error('KUBEBUILDER_ASSETS is not set');
  const cluster = await OwnCluster.start(source.assets, options);
  t.teardown(() => cluster.stop());
  return cluster;
}

type ClusterSource =
  | { readonly type: 'assets'; readonly assets: Assets }
  | { readonly type: 'kubeconfig'; readonly file: string }
  | { readonly type: 'none'; readonly reason: string };

/** The version from which on all that `modern` promises is there. */
const MODERN_MINOR = 32;
const START_TIMEOUT_MS = 120_000;

function clusterSource({ modern = false, tools = [] }: ClusterNeeds): ClusterSource {
  const missing = tools.find((tool) => findTool(tool) === undefined);
  if (missing !== undefined) {
    const reason = `it needs ${missing}: put it on the path, set ${missing.toUpperCase()}, or run node .ci/tools.mjs`;
    return { type: 'none', reason };
  }
  const { KOREO_TEST_CONTEXT, KUBEBUILDER_ASSETS, KUBEBUILDER_ASSETS_MODERN, KUBECONFIG } = process.env;
  if (modern && KUBEBUILDER_ASSETS_MODERN) return { type: 'assets', assets: Assets.in(KUBEBUILDER_ASSETS_MODERN) };
  if (KUBEBUILDER_ASSETS) {
    const assets = Assets.in(KUBEBUILDER_ASSETS);
    if (!modern || (assets.minor ?? 0) >= MODERN_MINOR) return { type: 'assets', assets };
    const reason = `it needs Kubernetes 1.${MODERN_MINOR}, in KUBEBUILDER_ASSETS or KUBEBUILDER_ASSETS_MODERN`;
    return { type: 'none', reason };
  }
  if (KUBECONFIG) return clusterOf(KUBECONFIG, KOREO_TEST_CONTEXT);
  return { type: 'none', reason: 'it needs an API server: set KUBEBUILDER_ASSETS or KUBECONFIG' };
}

/** A kubeconfig is often set for other reasons: what is not on this machine is used only when it is named. */
function clusterOf(file: string, allowed: string | undefined): ClusterSource {
  let config: KubeConfig;
  try {
    config = readKubeconfig(file);
  } catch (error) {
    return { type: 'none', reason: `KUBECONFIG cannot be read: ${error instanceof Error ? error.message : error}` };
  }
  const context = config.getCurrentContext();
  const host = new URL(config.getCurrentCluster()?.server ?? 'https://nowhere').hostname;
  if (['127.0.0.1', '[::1]', 'localhost'].includes(host) || context === allowed) return { type: 'kubeconfig', file };
  const reason = `the context ${context} of KUBECONFIG is not on this machine: to use it, set KOREO_TEST_CONTEXT=${context}`;
  return { type: 'none', reason };
}

function sourceFile(source: ClusterSource): string {
  if (source.type !== 'kubeconfig') throw new Error('there is no cluster');
  return source.file;
}

function clusterTests<C extends Cluster>(source: ClusterSource, start: () => Promise<C>): ClusterTests<C> {
  if (source.type === 'none') return skippedTests(source.reason);
  let cluster: C | undefined;
  const current = (): C => {
    if (cluster === undefined) throw new Error('the cluster has not been started');
    return cluster;
  };
  test.serial.before('a cluster starts', async (t) => {
    t.timeout(START_TIMEOUT_MS);
    cluster = await start();
  });
  test.serial.after.always('the cluster stops', async () => {
    if (cluster instanceof OwnCluster) await cluster.stop();
  });
  return {
    skipped: undefined,
    before: (prepare) =>
      test.serial.before('the cluster is prepared', async (t) => {
        t.timeout(START_TIMEOUT_MS);
        await prepare(current());
      }),
    test: (title, run) =>
      test.serial(title, async (t) => {
        t.timeout(START_TIMEOUT_MS);
        await run(t, current());
      }),
    get cluster(): C {
      return current();
    },
  };
}

function skippedTests<C extends Cluster>(reason: string): ClusterTests<C> {
  return {
    skipped: reason,
    before: () => undefined,
    test: (title) => test.serial.skip(`${title} (skipped: ${reason})`, () => undefined),
    get cluster(): C {
      throw new Error(reason);
    },
  };
}
