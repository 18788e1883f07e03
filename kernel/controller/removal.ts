import type { ManagedWorkflow } from '../model/managed-resources.js';
import { ok, retry } from '../model/outcome.js';
import { type Attempt, isPaused, paused } from './attempt.js';
import { verdict } from './conditions.js';
import type { ReleaseContext, Releaser } from './releaser.js';

/** Seconds until it is looked again whether what is being deleted is gone; where that is watched, it is seen at once. */
const LOOK_AGAIN_SECONDS = 10;

/**
 * Lets go of all that a trigger manages, because the trigger itself is to go. The author may pause that, too.
 * Rejects only with the signal's reason.
 */
export async function removal(
  managed: ManagedWorkflow | undefined,
  releaser: Releaser,
  context: ReleaseContext,
): Promise<Attempt> {
  if (isPaused(context.trigger)) return paused();
  if (managed === undefined) return { outcome: ok(null), verdicts: [], paused: false, isReleased: true };
  const { remaining, actions, waitsFor } = await releaser.release(managed, context);
  if (remaining.size === 0) {
    return { outcome: ok(null), verdicts: [], paused: false, released: actions, isReleased: true };
  }
  const message = `Being deleted; waits for ${waitsFor.join(', ')}.`;
  return {
    outcome: retry(LOOK_AGAIN_SECONDS, message, ''),
    verdicts: [verdict('Ready', 'Unknown', 'Deleting', message)],
    paused: false,
    released: actions,
  };
}
