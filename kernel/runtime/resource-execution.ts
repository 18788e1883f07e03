import type { ContestedField } from '../contracts/store.js';
import { AlreadyExistsError } from '../contracts/store-errors.js';
import { defined } from '../model/json.js';
import { type Outcome, retry } from '../model/outcome.js';
import { asJson, type Resource } from '../model/resource.js';
import { remainingPatch } from '../resources/remaining-patch.js';
import type { Action, Change, Decision } from './resource-decision.js';
import type { ResourceSubject } from './resource-subject.js';
import { writeFailure } from './store-failure.js';

/** What came of doing what was decided. */
export interface Execution {
  readonly outcome: Outcome;
  /** Whether there was something to do, and the store did it. */
  readonly done: boolean;
  /** Fields that it took back from others, where the store knows who set them. */
  readonly contested: readonly ContestedField[];
  /** Whether it was somebody else who made what was to be made. */
  readonly existed?: boolean;
}

/** What changes a resource, or makes or removes it. */
export type Write = Exclude<Action, { type: 'none' } | { type: 'wait' }>;

/** Whether the action is one. */
export function isWrite(action: Action): action is Write {
  return action.type !== 'none' && action.type !== 'wait';
}

/**
 * Does what was decided. A store that refuses changes the outcome; nothing is thrown but the signal's reason, when it is
 * aborted.
 */
export async function execute(
  { action, outcome }: Decision & { readonly action: Write },
  subject: ResourceSubject,
  { createDelay, signal }: { readonly createDelay: number; readonly signal: AbortSignal },
): Promise<Execution> {
  const contested: ContestedField[] = [];
  signal.throwIfAborted();
  try {
    const written = await write(action, subject, { signal, onContested: (fields) => contested.push(...fields) });
    if (written !== undefined && action.type === 'patch') await finish(action.change, written, subject, signal);
    return { outcome, done: true, contested };
  } catch (error) {
    signal.throwIfAborted();
    const { text, place } = subject;
    if (action.type === 'create' && error instanceof AlreadyExistsError) {
      const waits = retry(createDelay, `Creating ${text} failed: it exists already`, place);
      return { outcome: waits, done: false, contested, existed: true };
    }
    return { outcome: writeFailure(error, `${VERBS[action.type]} ${text}`, place), done: false, contested };
  }
}

/** How a write is made: until when, and who is told of fields that it takes back. */
interface WriteContext {
  readonly signal: AbortSignal;
  readonly onContested: (fields: readonly ContestedField[]) => void;
}

const VERBS: Readonly<Record<Write['type'], string>> = {
  create: 'Creating',
  patch: 'Patching',
  recreate: 'Deleting',
  delete: 'Deleting',
};

function write(
  action: Write,
  { handler, ref, placement }: ResourceSubject,
  { signal, onContested }: WriteContext,
): Promise<Resource | undefined> {
  switch (action.type) {
    case 'create': {
      const { target, lasting } = action;
      return handler.create(target, defined({ signal, ...placement, lasting }));
    }
    case 'patch': {
      const { change, guards } = action;
      if (change.type === 'merge') return handler.patch(ref, change.patch, { signal, ...placement, ...guards });
      return handler.apply(change.target, { signal, onContested, ...placement, ...guards });
    }
    case 'recreate':
    case 'delete':
      return handler.remove(ref, { signal, ...placement, ...action.guards }).then(() => undefined);
  }
}

/** Takes away what a store that knows the owners of fields leaves standing when a target is laid on. */
function finish(
  change: Change,
  written: Resource,
  { handler, ref, placement }: ResourceSubject,
  signal: AbortSignal,
): Promise<Resource> | undefined {
  if (change.type === 'merge' || change.wanted === undefined) return undefined;
  const left = remainingPatch(change.wanted, asJson(written));
  return left && handler.patch(ref, left, defined({ signal, ...placement, uid: written.metadata.uid }));
}
