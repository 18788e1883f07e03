import type { GroupVersionKind } from '../model/resource.js';

/** Some kinds. In both patterns `*` stands for any text; a pattern that is absent matches all. */
export interface KindPattern {
  readonly apiVersion?: string;
  readonly kind?: string;
}

/** Says of a kind whether the pattern means it. */
export function kindMatcher({ apiVersion = '*', kind = '*' }: KindPattern): (gvk: GroupVersionKind) => boolean {
  const patterns = { apiVersion: expression(apiVersion), kind: expression(kind) };
  return (gvk) => patterns.apiVersion.test(gvk.apiVersion) && patterns.kind.test(gvk.kind);
}

function expression(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'u');
}
