import { StoreError } from '../../../plugin.js';
import type { Assertions } from '../assertions.js';

/** What the call throws, now or later; undefined when it throws nothing. */
export async function failure(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error ?? new Error('undefined was thrown');
  }
}

/** The call is refused with an error that says whether the same call may succeed later. */
export async function refuses(
  t: Assertions,
  call: () => unknown,
  { retriable }: { readonly retriable: boolean },
  what: string,
): Promise<void> {
  const error = await failure(call);
  t.true(error instanceof StoreError, `${what} gave ${told(error)}, where it was to throw a StoreError`);
  if (!(error instanceof StoreError)) return;
  const wish = retriable
    ? 'may succeed later: UnavailableError'
    : 'never succeeds: InvalidResourceError, ForbiddenError';
  t.is(error.retriable, retriable, `${what} threw ${told(error)}, where it was to say that the call ${wish}`);
  t.not(error.message, '', `${what} threw a ${error.name} that says nothing`);
}

/** So much of an error or a name is shown in messages. */
const SHOWN = 200;

/** An error in a message. */
export function told(error: unknown): string {
  if (error === undefined) return 'no error';
  return shortened(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

/** A text in a message, in quotes. */
export function quoted(text: string): string {
  return shortened(JSON.stringify(text));
}

function shortened(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
