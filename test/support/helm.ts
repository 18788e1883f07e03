import { spawnSync } from 'node:child_process';
import { freezeDeep } from 'koreo-kernel';
import { parseAllDocuments } from 'yaml';
import { findTool } from './cluster/tools.js';

/** Where the chart is; tests run at the project's root. */
export const CHART = 'config/helm';

/** Why tests of the chart cannot run; absent when they can. */
export const helmMissing: string | undefined =
  findTool('helm') === undefined ? 'it needs helm: put it on the path, set HELM, or run node .ci/tools.mjs' : undefined;

/** What a call of helm came to. */
export interface HelmResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A resource as a chart renders it, which is no more than JSON to a test. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into it at places of their choice
export type Manifest = any;

/** Calls helm, with values given as JSON on its input where there are any. */
export function helm(args: readonly string[], values?: unknown): HelmResult {
  const withValues = values === undefined ? [] : ['--values', '-'];
  const { status, stdout, stderr } = spawnSync(findTool('helm') ?? 'helm', [...args, ...withValues], {
    encoding: 'utf8',
    input: JSON.stringify(values ?? {}),
  });
  return { code: status, stdout, stderr };
}

/**
 * What the chart renders with the values given, in the order in which it would be applied. Several tests look at what the same
 * values make, so it is frozen, and made once. @throws Error when helm refuses
 */
export function render(values: unknown = {}, namespace = 'koreo'): readonly Manifest[] {
  const key = JSON.stringify([values, namespace]);
  const known = rendered.get(key);
  if (known !== undefined) return known;
  const { code, stdout, stderr } = helm(['template', 'koreo', CHART, '--namespace', namespace], values);
  if (code !== 0) throw new Error(stderr);
  const manifests = manifestsIn(stdout).map(freezeDeep);
  rendered.set(key, manifests);
  return manifests;
}

const rendered = new Map<string, readonly Manifest[]>();

/** The resources that a text of YAML holds. */
export function manifestsIn(text: string): readonly Manifest[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest)
    .filter((manifest) => manifest !== null);
}

/** The one of a kind, and of a name where there are several. @throws Error when it is not there */
export function find(manifests: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = manifests.filter((one) => one.kind === kind && (name === undefined || one.metadata.name === name));
  if (found.length !== 1) throw new Error(`${found.length} of ${kind} ${name ?? ''}`);
  return found[0];
}
