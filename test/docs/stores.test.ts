import { readFileSync } from 'node:fs';
import test from 'ava';
import { mergePatch, parseDocuments } from 'koreo-kernel';
import { editDocument } from '../../adapters/file-system/document-edit.js';

const page = readFileSync(new URL('../../../docs/stores.md', import.meta.url), 'utf8');

test('the page of stores shows what a patch really does to a manifest', (t) => {
  const [before = '', after = ''] = [...page.matchAll(/```yaml\n(# Owned[^`]*)```/g)].map((match) => match[1]);
  const [document] = parseDocuments(before, { file: 'web.yaml' }).documents;
  const patch = /After a patch of `(.*)`/.exec(page)?.[1] ?? '';
  const [change] = parseDocuments(patch, { file: 'patch.yaml' }).documents;
  if (document?.value === undefined || change?.value === undefined) return t.fail();
  t.not(after, before);
  t.is(editDocument(before, mergePatch(document.value, change.value), 'yaml'), after);
});
