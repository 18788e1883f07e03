import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  asJson,
  getAt,
  isResource,
  type Json,
  type JsonObject,
  mergePatch,
  parseDocuments,
  type Resource,
  type ResourceRef,
  refKey,
  refOf,
} from 'koreo-kernel';
import { newDocument } from '../../../adapters/file-system/document-edit.js';
import { type StoreHarness, storeContract } from '../../contract/store.js';
import { Place } from './place.js';

/** What somebody who knows only files sees and does. */
class Author {
  constructor(
    readonly place: Place,
    readonly isInline: boolean,
  ) {}

  async find(ref: ResourceRef): Promise<{ readonly path: string; readonly value: JsonObject } | undefined> {
    for (const path of await this.place.manifests()) {
      const text = await readFile(join(this.place.root, path), 'utf8').catch(() => '');
      for (const { value } of parseDocuments(text, { file: path }).documents) {
        if (value === undefined || !isResource(value)) continue;
        if (refKey(refOf(value as unknown as Resource)) === refKey(ref)) return { path, value };
      }
    }
    return undefined;
  }

  async put(resource: Resource, format: 'yaml' | 'json'): Promise<void> {
    const found = await this.find(refOf(resource));
    const path = found?.path ?? `by-hand/${resource.metadata.name}.${format}`;
    await mkdir(dirname(join(this.place.root, path)), { recursive: true });
    const value = this.isInline ? withKernelsPart(asJson(resource), found?.value) : asJson(resource);
    await writeFile(join(this.place.root, path), newDocument(value, path.endsWith('json') ? 'json' : 'yaml'));
  }

  async remove(ref: ResourceRef): Promise<void> {
    const found = await this.find(ref);
    if (found !== undefined) await rm(join(this.place.root, found.path));
  }
}

function harnessOf(options: JsonObject, format: 'yaml' | 'json'): () => Promise<StoreHarness> {
  return async () => {
    const place = await Place.make();
    const author = new Author(place, options.status === 'inline');
    return {
      store: place.open(options),
      authorsPart: async (ref) => {
        const value = (await author.find(ref))?.value;
        return value !== undefined && author.isInline ? withoutKernelsPart(value) : value;
      },
      outside: { put: (resource) => author.put(resource, format), remove: (ref) => author.remove(ref) },
      open: async () => place.open(options),
      escapes: async () => (await readdir(place.base)).filter((name) => name !== 'root'),
      dispose: () => place.dispose(),
    };
  };
}

/** With the status inline, an author who edits a file leaves what the kernel wrote into it. */
function withKernelsPart(value: JsonObject, before: JsonObject | undefined): JsonObject {
  const [status, annotations] = [before?.status, getAt(before, ['metadata', 'annotations'])];
  return mergePatch({ ...(status && { status }), ...(annotations && { metadata: { annotations } }) }, value);
}

function withoutKernelsPart(value: JsonObject): Json {
  return mergePatch(value, { status: null, metadata: { annotations: null } });
}

const capabilities = { anyKind: true, uidPerLife: false, holdsDeletion: true };

storeContract('file-system', harnessOf({}, 'yaml'), capabilities);
storeContract('file-system, status inline', harnessOf({ status: 'inline' }, 'yaml'), {
  ...capabilities,
  holdsDeletion: false,
});
storeContract(
  'file-system, all in JSON',
  harnessOf({ pattern: '{kind}/{namespace}-{name}.json' }, 'json'),
  capabilities,
);
