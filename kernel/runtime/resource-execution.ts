import { AlreadyExistsError } from '../contracts/store-errors.js';
import { type Outcome, retry } from '../model/outcome.js';
import type { Action, Decision } from './resource-decision.js';
import type { ResourceSubject } from './resource-subject.js';
import { writeFailure } from './store-failure.js';

/** What came of doing what was decided. */
export interface Execution {
  readonly outcome: Outcome;
  /** Whether there was something to do, and the store did it. */
  readonly done: boolean;
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
  if (action.type === 'none' || action.type === 'wait') return { outcome, done: false };
  signal.throwIfAborted();
  try {
    await write(action, subject, signal);
    return { outcome, done: true };
  } catch (error) {
    signal.throwIfAborted();
    const { text, place } = subject;
    if (action.type === 'create' && error instanceof AlreadyExistsError) {
      return { outcome: retry(createDelay, `Creating ${text} failed: it exists already`, place), done: false };
    }
    return { outcome: writeFailure(error, `${VERBS[action.type]} ${text}`, place), done: false };
  }
}

type Write = Exclude<Action, { type: 'none' } | { type: 'wait' }>;

const VERBS: Readonly<Record<Write['type'], string>> = {
  create: 'Creating',
  patch: 'Patching',
  recreate: 'Deleting',
  delete: 'Deleting',
};

async function write(action: Write, subject: ResourceSubject, signal: AbortSignal): Promise<unknown> {
  const { handler, ref, placement } = subject;
  const options = { ...placement, signal };
  switch (action.type) {
    case 'create':
      return handler.create(action.target, options);
    case 'patch': {
      const guarded = { ...options, ...action.guards };
      const { change } = action;
      return change.type === 'target'
        ? handler.apply(change.target, guarded)
        : handler.patch(ref, change.patch, guarded);
    }
    case 'recreate':
    case 'delete':
      return handler.remove(ref, { ...options, ...action.guards });
  }
}
