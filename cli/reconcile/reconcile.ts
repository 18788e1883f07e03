import { annotations, formatRef, type Resource, refOf } from '../../kernel/index.js';
import type { ReconcileOptions } from '../commands/reconcile.js';
import { loadDeployment } from '../deployment.js';
import { ExitCode } from '../exit-code.js';
import { findOne } from '../get/find-resources.js';
import { oneWanted } from '../get/wanted.js';
import { type ConditionView, conditionsIn, readyIn } from '../inspect/condition-view.js';
import { chosenStores, type OpenStores, openStores } from '../open-stores.js';
import { withProgress } from '../progress.js';
import type { Session } from '../session.js';
import type { Terminal } from '../terminal.js';
import { timeLimit } from '../time-limit.js';
import { type Request, waitForAnswer } from './answer.js';
import { explainSilence, isPaused, pausedText } from './silence.js';

/** Asks for a run of a trigger and tells what it comes to. @throws UsageError, ConfigError, StoreError */
export async function reconcile(
  { terminal, cwd }: Session,
  { kind, name }: { readonly kind: string; readonly name: string | undefined },
  options: ReconcileOptions,
): Promise<ExitCode> {
  const wanted = oneWanted(kind, name);
  const opened = openStores(await loadDeployment(cwd, options));
  try {
    const search = { ...options, opened, stores: chosenStores(opened, options.store) };
    const { store, resource: trigger } = await findOne(wanted, search);
    const text = formatRef(refOf(trigger));
    if (isPaused(trigger)) return refuse(terminal, `${text}: ${pausedText}`);
    const at = new Date().toISOString();
    const request: Request = { store, trigger, at };
    await ask(request);
    if (!options.wait) {
      tell(terminal, { ...record(request, trigger), handled: null }, options);
      return ExitCode.ok;
    }
    return await answered(terminal, request, { ...options, opened });
  } finally {
    await opened.close();
  }
}

/** Kept where the kernel keeps its own annotations, so that an author's file is not touched. */
async function ask({ store, trigger, at }: Request): Promise<void> {
  const { uid } = trigger.metadata;
  const patch = { annotations: { [annotations.reconcileRequestedAt]: at } };
  await store.patchStatus(refOf(trigger), patch, uid === undefined ? {} : { uid });
}

async function answered(
  terminal: Terminal,
  request: Request,
  options: ReconcileOptions & { readonly opened: OpenStores },
): Promise<ExitCode> {
  const { opened, timeout } = options;
  const text = formatRef(refOf(request.trigger));
  const limit = timeLimit(timeout);
  const stop = terminal.stopSignal(limit.signal);
  const answer = await withProgress(terminal, `waiting for a run of ${text}`, waitForAnswer(request, stop));
  limit.end();
  switch (answer.type) {
    case 'handled':
      tell(terminal, { ...record(request, answer.trigger), handled: true }, options);
      return readyIn(answer.trigger)?.status === 'True' ? ExitCode.ok : ExitCode.failed;
    case 'gone':
      return refuse(terminal, `${text} was deleted meanwhile`);
    case 'silence': {
      if (options.output === 'json') tell(terminal, { ...record(request, answer.trigger), handled: false }, options);
      const why = await explainSilence(answer.trigger, opened);
      return refuse(terminal, `nobody has answered within ${timeout} s: ${why}`);
    }
  }
}

function refuse(terminal: Terminal, message: string): ExitCode {
  terminal.note(`${terminal.noteStyle('red', 'error:')} ${message}`);
  return ExitCode.failed;
}

/** What is told of a request, to programs as it is. `handled` is null when nobody waited. */
interface ReconcileRecord {
  readonly trigger: ReturnType<typeof refOf>;
  readonly store: string;
  readonly requestedAt: string;
  readonly handled: boolean | null;
  readonly conditions: readonly ConditionView[];
}

function record({ store, at }: Request, trigger: Resource): Omit<ReconcileRecord, 'handled'> {
  return { trigger: refOf(trigger), store: store.name, requestedAt: at, conditions: conditionsIn(trigger) };
}

function tell(terminal: Terminal, told: ReconcileRecord, { output }: ReconcileOptions): void {
  if (output === 'json') {
    terminal.print(JSON.stringify(told, null, 2));
    return;
  }
  const text = formatRef(told.trigger);
  if (told.handled === null) {
    terminal.print(`${text}: a run was asked for`);
    return;
  }
  const ready = told.conditions.find(({ type }) => type === 'Ready');
  const sign = ready?.status === 'True' ? terminal.style('green', '✔') : terminal.style('yellow', '…');
  terminal.print(`${sign} ${terminal.style('bold', text)}  ${ready?.reason ?? 'no condition Ready'}`);
  for (const { type, status, message } of told.conditions) terminal.print(`    ${type} ${status}: ${message}`);
}
