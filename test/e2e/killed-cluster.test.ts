import type { ExecutionContext } from 'ava';
import { asResource, isObject, type JsonObject, type Resource } from 'koreo-kernel';
import { definitionCrds } from 'koreo-kernel/config';
import type { Cluster } from '../support/cluster/cluster.js';
import { installCrds } from '../support/cluster/server-judgement.js';
import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { type Running, startKoreo } from '../support/koreo.js';
import { tempFolder } from '../support/temp-folder.js';
import { type Boat, boatDefinitions, boatResource, partText } from './support/boats.js';
import { killAgainAndAgain } from './support/killing.js';
import { crdOf } from './support/kinds.js';
import { conditionOf } from './support/website.js';
import type { Yard } from './support/yard.js';

// Without its controllers: garbage that nobody else collects is seen.
const { before, test } = useOwnCluster({ controllerManager: false });

const CONFIG = `
stores: [{name: cluster, type: kubernetes}]
definitions: [{store: cluster, namespaces: [yard]}]
`;

const GROUP = 'yard.example.com';
const VERSION = `${GROUP}/v1`;

/** What somebody else owns, and what it is like. */
const FOREIGN: readonly Resource[] = [
  part('figurehead', { colour: 7 }),
  // As if it were a part of a boat that is asked for, that had been let go of, and that the command had applied.
  part(
    'boat-1-figurehead',
    { colour: 7 },
    {
      labels: { 'koreo.dev/abandoned': 'true', 'koreo.dev/applied-set': 'boats' },
      annotations: {
        'koreo.dev/abandoned-by': 'Boat yard/boat-1',
        'koreo.dev/last-applied-configuration': '{"spec":{"colour":7}}',
      },
      ownerReferences: [{ apiVersion: VERSION, kind: 'Museum', name: 'boat-1', uid: 'not-of-this-yard' }],
    },
  ),
  asResource({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'boat-2-hull', namespace: 'yard' },
    data: { a: 'b' },
  }),
  // Its kind starts nothing and is asked for by nobody here; its name is that of a boat.
  asResource({
    apiVersion: VERSION,
    kind: 'Museum',
    metadata: { name: 'boat-1', namespace: 'yard', finalizers: [`${GROUP}/visitors`] },
    spec: { parts: ['hull'] },
  }),
];

function part(name: string, spec: JsonObject, metadata: JsonObject = {}): Resource {
  return asResource({ apiVersion: VERSION, kind: 'Part', metadata: { ...metadata, name, namespace: 'yard' }, spec });
}

/** A yard in a namespace. */
class NamespaceYard implements Yard {
  readonly #t: ExecutionContext;
  readonly #cluster: Cluster;
  readonly #folder: string;

  constructor(t: ExecutionContext, cluster: Cluster) {
    this.#t = t;
    this.#cluster = cluster;
    this.#folder = tempFolder(t, { 'koreo.config.yaml': CONFIG });
  }

  async ask(name: string, boat: Boat): Promise<boolean> {
    const resource = boatResource(name, boat);
    const there = await this.#cluster.get(resource);
    if (there?.metadata.deletionTimestamp !== undefined) return false;
    await this.#cluster.apply(resource);
    return true;
  }

  async withdraw(name: string): Promise<void> {
    await this.#cluster.remove({ apiVersion: VERSION, kind: 'Boat', metadata: { name, namespace: 'yard' } });
  }

  async parts(): Promise<readonly string[]> {
    const theirs = FOREIGN.filter(({ kind }) => kind === 'Part').map(({ metadata }) => metadata.name);
    const all = await this.#cluster.list(VERSION, 'Part', 'yard');
    return all
      .filter(({ metadata }) => !theirs.includes(metadata.name))
      .map(partText)
      .toSorted();
  }

  async boats(): Promise<readonly string[]> {
    return (await this.#cluster.list(VERSION, 'Boat', 'yard')).map(boatText).toSorted();
  }

  /** Whole, with the revision of each: whatever was written would show, also what changed nothing but that. */
  async foreign(): Promise<unknown> {
    return Promise.all(FOREIGN.map((resource) => this.#cluster.get(resource)));
  }

  start(): Running {
    return startKoreo(this.#t, ['run', '--output', 'json'], { cwd: this.#folder, env: this.#cluster.env });
  }
}

function boatText({ metadata, status }: Resource): string {
  if (metadata.deletionTimestamp !== undefined) return `${metadata.name} is leaving`;
  const ready = conditionOf(status, 'Ready');
  const isReady = ready?.status === 'True' && ready.observedGeneration === metadata.generation;
  return isReady ? metadata.name : `${metadata.name} is not ready`;
}

before(async (cluster) => {
  await installCrds(cluster, [
    ...definitionCrds(),
    ...['Boat', 'Part', 'Museum'].map((kind) => crdOf(kind, { group: GROUP })),
  ]);
  await cluster.apply(asResource({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'yard' } }));
  await cluster.apply(...boatDefinitions());
  for (const resource of FOREIGN) await cluster.create(resource);
});

test('a controller of a cluster that is killed again and again leaves nothing undone and nothing behind', async (t, cluster) => {
  const yard = new NamespaceYard(t, cluster);
  t.true(((await yard.foreign()) as unknown[]).every(isObject));
  await killAgainAndAgain(t, yard, { kills: 10 });
});
