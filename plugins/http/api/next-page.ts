import { valueAt } from '../mapping/pointer.js';
import type { PageOptions } from '../options/options.js';
import type { HttpAnswer } from '../wire/http-client.js';

/** Where the page after an answer is; undefined after the last one. */
export function nextPage(pages: PageOptions | undefined, answer: HttpAnswer): URL | undefined {
  switch (pages?.type) {
    case undefined:
      return undefined;
    case 'link':
      return urlFrom(relatedIn(answer.link ?? '', 'next'), answer.url);
    case 'url': {
      const next = valueAt(answer.json, pages.at);
      return urlFrom(typeof next === 'string' ? next : undefined, answer.url);
    }
    case 'cursor': {
      const cursor = valueAt(answer.json, pages.at);
      if ((typeof cursor !== 'string' && typeof cursor !== 'number') || cursor === '') return undefined;
      const url = new URL(answer.url);
      url.searchParams.set(pages.query, String(cursor));
      return url;
    }
  }
}

function urlFrom(text: string | undefined, base: URL): URL | undefined {
  return text !== undefined && text !== '' && URL.canParse(text, base.href) ? new URL(text, base) : undefined;
}

const LINK = /<([^>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))?)*)/g;
const RELATION = /;\s*rel\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*))/i;

/** The target of the first link of that relation in a header `Link` (RFC 8288). */
export function relatedIn(header: string, relation: string): string | undefined {
  for (const [, target, parameters = ''] of header.matchAll(LINK)) {
    const [, quoted, plain] = RELATION.exec(parameters) ?? [];
    const relations = (quoted ?? plain ?? '').toLowerCase().split(/\s+/);
    if (relations.includes(relation)) return target;
  }
  return undefined;
}
