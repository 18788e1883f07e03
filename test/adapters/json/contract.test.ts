import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Json, JsonObject, Resource, ResourceRef } from 'koreo-kernel';
import {
  type CollectionOptions,
  createJsonStore,
  type JsonStore,
  type StatusOptions,
} from 'koreo-kernel/adapters/json';
import { GADGET, type StoreHarness, storeContract, WIDGET } from '../../contract/store.js';

/** How the items of a document are laid out, and how somebody who edits it by hand finds them. */
interface Shape {
  readonly collections: readonly CollectionOptions[];
  find(document: JsonObject, ref: ResourceRef): JsonObject | undefined;
  put(document: JsonObject, resource: Resource): void;
  remove(document: JsonObject, ref: ResourceRef): void;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Items = Mutable<JsonObject>[];

/** Items in lists, with their names and namespaces among their other fields. */
const lists: Shape = {
  collections: [
    { at: '/data/widgets', ...WIDGET, name: 'id', namespace: '/place/zone', fields: 'top' },
    { at: '/data/gadgets', ...GADGET, name: 'id', namespace: '/place/zone', fields: 'top' },
  ],
  find: (document, ref) => listOf(document, ref.kind).find((item) => isNamed(item, ref)),
  put(document, { kind, metadata, spec }) {
    const { name, namespace } = metadata;
    const items = listOf(document, kind);
    const known = items.find((item) => isNamed(item, { ...WIDGET, name, ...(namespace && { namespace }) }));
    if (known !== undefined) known.spec = spec ?? {};
    else items.push({ id: name, ...(namespace !== undefined && { place: { zone: namespace } }), spec: spec ?? {} });
  },
  remove(document, ref) {
    const items = listOf(document, ref.kind);
    items.splice(0, items.length, ...items.filter((item) => !isNamed(item, ref)));
  },
};

/** Items in mappings, named by their keys, their fields under `spec`. */
const mappings: Shape = {
  collections: [
    { at: '/widgets', ...WIDGET },
    { at: '/gadgets', ...GADGET },
  ],
  find: (document, ref) => ownItem(mappingOf(document, ref.kind), ref.name),
  put(document, { kind, metadata, spec }) {
    const items = mappingOf(document, kind);
    const { status } = ownItem(items, metadata.name) ?? {};
    items[metadata.name] = { ...(spec as JsonObject), ...(status !== undefined && { status }) };
  },
  remove(document, ref) {
    delete mappingOf(document, ref.kind)[ref.name];
  },
};

function ownItem(items: JsonObject, name: string): JsonObject | undefined {
  return Object.hasOwn(items, name) ? (items[name] as JsonObject) : undefined;
}

function listOf(document: JsonObject, kind: string): Items {
  const root = document as { data?: { [kind: string]: Items } };
  root.data ??= {};
  const key = kind === 'Widget' ? 'widgets' : 'gadgets';
  root.data[key] ??= [];
  return root.data[key];
}

function mappingOf(document: JsonObject, kind: string): Mutable<JsonObject> {
  const root = document as Mutable<{ [kind: string]: Mutable<JsonObject> }>;
  const key = kind === 'Widget' ? 'widgets' : 'gadgets';
  root[key] ??= {};
  return root[key];
}

function isNamed(item: JsonObject, { name, namespace }: ResourceRef): boolean {
  const zone = (item.place as { zone?: string } | undefined)?.zone;
  return item.id === name && zone === namespace;
}

/** The item without what a store keeps in it. */
function authored(item: JsonObject | undefined): Json | undefined {
  if (item === undefined) return undefined;
  const { status: _, ...others } = item;
  return others;
}

async function fileHarness(shape: Shape, status?: StatusOptions): Promise<StoreHarness> {
  const sandbox = mkdtempSync(join(tmpdir(), 'koreo-json-'));
  const baseDirectory = join(sandbox, 'base');
  const file = 'data/things.json';
  const path = join(baseDirectory, file);
  const open = (): JsonStore =>
    createJsonStore({ baseDirectory, file, collections: shape.collections, ...(status && { status }) });
  const stores = [open()];
  const read = (): JsonObject => (existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as JsonObject) : {});
  const edit = (change: (document: JsonObject) => void): void => {
    const document = read();
    change(document);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(document, null, 4));
  };
  const [store] = stores as [JsonStore];
  return {
    store,
    authorsPart: async (ref) => authored(shape.find(read(), ref)),
    outside: {
      put: async (resource) => edit((document) => shape.put(document, resource)),
      remove: async (ref) => edit((document) => shape.remove(document, ref)),
    },
    open: async () => {
      const another = open();
      stores.push(another);
      return another;
    },
    escapes: async () =>
      readdirSync(sandbox, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/(^|\/)base\/data(\/\.koreo(\/locks)?)?$/.test(entry.parentPath))
        .map((entry) => join(entry.parentPath, entry.name)),
    dispose: async () => {
      await Promise.all(stores.map((one) => one.close()));
      rmSync(sandbox, { recursive: true, force: true });
    },
  };
}

async function memoryHarness(shape: Shape, status?: { readonly inline: string }): Promise<StoreHarness> {
  const document: JsonObject = {};
  const store = createJsonStore({ document, collections: shape.collections, ...(status && { status }) });
  // A closed store refuses to look.
  const noticed = (): Promise<void> => store.refresh().catch(() => undefined);
  return {
    store,
    authorsPart: async (ref) => authored(structuredClone(shape.find(document, ref))),
    outside: {
      put: async (resource) => {
        shape.put(document, resource);
        await noticed();
      },
      remove: async (ref) => {
        shape.remove(document, ref);
        await noticed();
      },
    },
    dispose: () => store.close(),
  };
}

const inline = { inline: 'status' };
// Uids follow from names, so that every process gives the same.
const differences = { uidPerLife: false };
// What is kept in an item goes with it.
const beside = { ...differences, holdsDeletion: true };
const inMemory = { ...differences, shared: false, durable: false };

storeContract('JSON file, lists, status beside', () => fileHarness(lists), beside);
storeContract('JSON file, lists, status inline', () => fileHarness(lists, inline), differences);
storeContract('JSON file, mappings, status beside', () => fileHarness(mappings), { ...beside, namespaced: false });
storeContract('JSON file, mappings, status inline', () => fileHarness(mappings, inline), {
  ...differences,
  namespaced: false,
});
storeContract('JSON in memory, lists', () => memoryHarness(lists), { ...inMemory, holdsDeletion: true });
storeContract('JSON in memory, mappings, status inline', () => memoryHarness(mappings, inline), {
  ...inMemory,
  namespaced: false,
});
