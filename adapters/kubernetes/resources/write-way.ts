import type { GroupVersionKind } from '../../../kernel/plugin.js';
import type { WriteRule, WriteWay } from '../options.js';

/** Which kinds are written which way. */
export interface WriteRules {
  readonly writes: WriteWay;
  readonly writeRules: readonly WriteRule[];
}

/** The way of a kind: that of the first rule that matches, else that of all. */
export function wayOf({ apiVersion, kind }: GroupVersionKind, { writes, writeRules }: WriteRules): WriteWay {
  const rule = writeRules.find((one) => matches(one.apiVersion, apiVersion) && matches(one.kind, kind));
  return rule?.writes ?? writes;
}

function matches(pattern = '*', text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|/]/gu, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'u').test(text);
}
