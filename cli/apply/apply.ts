import {
  asJson,
  byPlace,
  ConflictError,
  errorMessage,
  getAt,
  groupOf,
  gvkKey,
  type Problem,
  type Resource,
  StoreError,
} from '../../kernel/index.js';
import type { ApplyOptions } from '../commands/apply.js';
import { loadDeployment } from '../deployment.js';
import { ExitCode } from '../exit-code.js';
import { chosenStores, type OpenStores, openStores } from '../open-stores.js';
import { problemLine } from '../problems.js';
import { withProgress } from '../progress.js';
import type { Session } from '../session.js';
import { asMember, checkSetName } from './applied-set.js';
import { type Applied, type ApplyHow, applyOne, previewOne } from './apply-one.js';
import { inApplyOrder } from './apply-order.js';
import { ApplyReport } from './apply-report.js';
import { awaitKinds } from './await-kind.js';
import { checkDefinitions, presentDefinitions, triggerKinds } from './check-definitions.js';
import { isCustomResourceDefinition, kindsOf, type PlacedManifest, place } from './placed-manifest.js';
import { findLeftovers, removeLeftover } from './prune-set.js';
import { readManifests } from './read-manifests.js';

/** Applies the resources of files to the stores. @throws UsageError, ConfigError, StoreError */
export async function apply(session: Session, paths: readonly string[], options: ApplyOptions): Promise<ExitCode> {
  const { terminal, cwd } = session;
  checkSetName(options.set);
  const loaded = await loadDeployment(cwd, options);
  const { limits } = loaded.config;
  const read = await readManifests({ paths, cwd, stdin: terminal.stdin, limits });
  const opened = openStores(loaded);
  const report = new ApplyReport(terminal, options);
  try {
    const plan = await withProgress(terminal, 'reading stores', planOf(read.manifests, opened, options));
    if (!accepted(session, [...read.problems, ...plan.broken], plan.waiting, options)) return ExitCode.failed;
    if (plan.manifests.length === 0) {
      terminal.note('there is nothing to apply: the files hold no resource');
      return ExitCode.ok;
    }
    const signal = terminal.stopSignal();
    await applyAndPrune(plan, report, { ...options, opened, signal });
    report.end();
    if (signal.aborted) terminal.note('stopped; what is not listed was left as it was');
    return report.failures === 0 && !signal.aborted ? ExitCode.ok : ExitCode.failed;
  } finally {
    await opened.close();
  }
}

/** What is to be applied, in order, and what is wrong with the definitions in it. */
interface Plan {
  readonly manifests: readonly PlacedManifest[];
  readonly triggers: ReadonlySet<string>;
  readonly broken: readonly Problem[];
  readonly waiting: readonly Problem[];
}

async function planOf(
  manifests: Parameters<typeof place>[0],
  opened: OpenStores,
  { store, namespace, set, validate }: ApplyOptions,
): Promise<Plan> {
  const present = await presentDefinitions(opened);
  const triggers = triggerKinds([...manifests, ...present].map(({ resource }) => resource));
  const placed = await place(manifests, {
    opened,
    triggers,
    ...(store === undefined ? {} : { store }),
    ...(namespace === undefined ? {} : { namespace }),
  });
  const none = { broken: [], waiting: [] };
  return {
    manifests: inApplyOrder(placed, triggers).map((one) =>
      set === undefined ? one : { ...one, resource: asMember(one.resource, set) },
    ),
    triggers,
    ...(validate === 'ignore' ? none : checkDefinitions(placed, present, opened.loaded.workbench.context)),
  };
}

/** Tells what is wrong, and says whether to go on all the same. */
function accepted(
  { terminal }: Session,
  broken: readonly Problem[],
  waiting: readonly Problem[],
  { validate }: ApplyOptions,
): boolean {
  for (const problem of [...broken].sort(byPlace)) terminal.note(problemLine(problem, terminal.noteStyle));
  const label = terminal.noteStyle('yellow', 'waiting:');
  for (const problem of waiting) terminal.note(problemLine(problem, terminal.noteStyle, label));
  if (broken.length === 0 || validate !== 'strict') return true;
  const what = broken.length === 1 ? '1 problem' : `${broken.length} problems`;
  terminal.note(`nothing was applied: ${what} (--validate warn applies all the same)`);
  return false;
}

interface ApplyRun extends ApplyOptions {
  readonly opened: OpenStores;
  readonly signal: AbortSignal;
}

async function applyAndPrune(plan: Plan, report: ApplyReport, run: ApplyRun): Promise<void> {
  try {
    const applied = await applyAll(plan, report, run);
    if (run.prune !== true) return;
    if (report.failures === 0) await prune(plan, applied, report, run);
    else report.nothingPruned();
  } catch (error) {
    if (!run.signal.aborted) throw error;
  }
}

/** Why a resource was not applied, and what can be done about it on the command line. */
function failureOf(error: StoreError): string {
  const isContested = error instanceof ConflictError && 'fields' in error;
  return isContested ? `${error.message}; --force-conflicts takes them` : errorMessage(error);
}

/** Applies one after the other; what cannot be is told and passed over. Gives what was, or would be, applied. */
async function applyAll(
  { manifests }: Plan,
  report: ApplyReport,
  { signal, timeout: timeoutSeconds, dryRun, forceConflicts }: ApplyRun,
): Promise<readonly Applied[]> {
  const how: ApplyHow = { signal, contested: forceConflicts === true ? 'take' : 'refuse' };
  const isInSet = comesWith(manifests);
  const applied: Applied[] = [];
  for (const manifest of manifests) {
    try {
      const one = dryRun === true ? await previewOne(manifest, { ...how, isInSet }) : await applyOne(manifest, how);
      applied.push(one);
      report.applied(one);
      const declares = dryRun !== true && isCustomResourceDefinition(manifest.resource);
      if (declares) await awaitKinds(manifest.resource, manifest.store, { signal, timeoutSeconds });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      report.failed(manifest, failureOf(error));
    }
  }
  return applied;
}

/** Whether the kind or the namespace of a resource is only made by one of the manifests. */
function comesWith(manifests: readonly PlacedManifest[]): (resource: Resource) => boolean {
  const declarations = manifests.filter(({ resource }) => isCustomResourceDefinition(resource));
  const kinds = new Set(declarations.flatMap(({ resource }) => kindsOf(resource)).map(gvkKey));
  const namespaces = new Set(
    manifests.flatMap(({ resource: { apiVersion, kind, metadata } }) =>
      kind === 'Namespace' && groupOf(apiVersion) === '' ? [metadata.name] : [],
    ),
  );
  return (resource) =>
    kinds.has(gvkKey(resource)) || namespaces.has(String(getAt(asJson(resource), ['metadata', 'namespace'])));
}

/** Shows what is left of the set, and removes it where that is wanted. */
async function prune(
  { triggers }: Plan,
  kept: readonly Applied[],
  report: ApplyReport,
  { set = '', signal, opened, store, yes, dryRun }: ApplyRun,
): Promise<void> {
  const stores = chosenStores(opened, store);
  const { leftovers, forbidden } = await findLeftovers({ set, stores, kept, triggers, signal });
  report.unseen(forbidden);
  const removes = yes === true && dryRun !== true;
  for (const leftover of leftovers) {
    try {
      if (removes) await removeLeftover(leftover, signal);
      report.pruned(leftover);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      report.failed(leftover, errorMessage(error));
    }
  }
  if (!removes && leftovers.length > 0) report.notRemoved(leftovers.length);
}
