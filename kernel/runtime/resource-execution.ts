import type { ContestedField } from '../contracts/store.js';
import { AlreadyExistsError } from '../contracts/store-errors.js';
import { type Outcome, retry } from '../model/outcome.js';
import { asJson } from '../model/resource.js';
import { remainingPatch } from '../resources/remaining-patch.js';
import type { Action, Decision } from './resource-decision.js';
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

/**
 * Does what was decided. A store that refuses changes the outcome; nothing is thrown but the signal's reason, when it is
 * aborted.
 */
export async function execute(
  { action, outcome }: Decision,
  subject: ResourceSubject,
  options: { readonly createDelay: number; readonly signal: AbortSignal },
): Promise<Execution> {
  const { createDelay, signal } = options;
  const contested: ContestedField[] = [];
  if (action.type === 'none' || action.type === 'wait') return { outcome, done: false, contested };
  signal.throwIfAborted();
  try {
    await write(action, subject, { signal, onContested: (fields) => contested.push(...fields) });
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

type Write = Exclude<Action, { type: 'none' } | { type: 'wait' }>;

const VERBS: Readonly<Record<Write['type'], string>> = {
  create: 'Creating',
  patch: 'Patching',
  recreate: 'Deleting',
  delete: 'Deleting',
};

async function write(action: Write, subject: ResourceSubject, { signal, onContested }: WriteContext): Promise<void> {
  const { handler, ref, placement } = subject;
  const options = { signal, ...placement };
  switch (action.type) {
    case 'create': {
      const { target, lasting } = action;
      await handler.create(target, { ...options, ...(lasting === undefined ? {} : { lasting }) });
      return;
    }
    case 'patch': {
      const guarded = { ...options, ...action.guards };
      const { change } = action;
      if (change.type === 'merge') {
        await handler.patch(ref, change.patch, guarded);
        return;
      }
      const applied = await handler.apply(change.target, { onContested, ...guarded });
      const left = remainingPatch(change.wanted, asJson(applied));
      const { uid } = applied.metadata;
      if (left !== undefined) await handler.patch(ref, left, { ...options, ...(uid === undefined ? {} : { uid }) });
      return;
    }
    case 'recreate':
    case 'delete':
      await handler.remove(ref, { ...options, ...action.guards });
  }
}
