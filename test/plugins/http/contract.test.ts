import { asJson, isObject, type JsonObject, type Resource } from 'koreo-kernel';
import type { HandlerHarness } from 'koreo-kernel/testing/contracts';
import { resourceHandlerContract } from '../../contract/resource-handler.js';
import { answer } from './support/api-server.js';
import { type BoxSetup, box, boxApi } from './support/box-api.js';

/** A handler of boxes, and its API as somebody else sees and changes it. */
async function harness({
  etags = 'strong',
  ...setup
}: BoxSetup & { readonly etags?: 'strong' | 'weak' | 'none' } = {}): Promise<HandlerHarness> {
  const teardowns: (() => unknown)[] = [];
  const teardown = (done: () => unknown): void => void teardowns.unshift(done);
  // Virtual time passes faster than answers come; no call is given up for that.
  const { server, handler, clock } = await boxApi({ teardown }, { ...setup, api: { timeoutSeconds: 86_400 } });
  server.etags = etags;
  return {
    handler,
    clock,
    samples: {
      resource: (name) => box(name, { size: 3, tags: ['a'] }),
      changes: [{ size: 4 }, { colour: 'red' }, { tags: ['b', 'c'] }],
      refused: [box('one', { weight: 1 }), { ...box('one', {}), spec: 'text' }],
    },
    outside: {
      look: async ({ name }) => server.items.get(`/boxes/${name}`),
      put: async (resource) => server.put(`/boxes/${resource.metadata.name}`, itemOf(resource)),
      remove: async ({ name }) => void server.items.delete(`/boxes/${name}`),
      breakDown: async () => {
        server.fault = (_, response) => answer(response, 503, {}) === response;
        return async () => {
          server.fault = () => false;
        };
      },
    },
    dispose: async () => {
      for (const done of teardowns) await done();
    },
  };
}

const SPEC = { size: 'size', colour: '/paint/colour', tags: 'tags' };

/** A box as the API has it. */
function itemOf(resource: Resource): JsonObject {
  const { spec } = asJson(resource);
  const { size, colour, tags } = isObject(spec) ? spec : {};
  const said = { size, tags, paint: colour === undefined ? undefined : { colour } };
  const given = Object.entries(said).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  return { name: resource.metadata.name, ...Object.fromEntries(given) };
}

resourceHandlerContract('an API with entity tags', harness);

resourceHandlerContract('an API whose entity tags are revisions', () =>
  harness({ kind: { item: { name: 'name', uid: 'id', revision: 'etag', spec: SPEC } } }),
);

resourceHandlerContract(
  'an API without entity tags, of lists and whole items',
  () => harness({ etags: 'none', without: ['read'], kind: { update: { method: 'PUT', url: '/boxes/{name}' } } }),
  { guardsAtomically: false },
);

resourceHandlerContract(
  'an API that is only read',
  () => harness({ etags: 'weak', without: ['create', 'update', 'delete'] }),
  { creates: false, updates: false, removes: false },
);
