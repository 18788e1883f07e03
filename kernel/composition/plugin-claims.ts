import type { ResourceHandler } from '../contracts/resource-handler.js';
import type { Problem } from '../model/problem.js';
import { type GroupVersionKind, gvkKey } from '../model/resource.js';
import type { Contribution } from '../plugins/contributions.js';
import type { PluginHost } from '../plugins/plugin-host.js';
import { type Claim, claimOf, doubleClaims } from './claims.js';

/**
 * Everything that two plug-ins of a host claim, or one and the kernel itself: languages, functions, store types, handlers,
 * observers, and kinds as far as handlers tell them.
 */
export function pluginClaims(host: PluginHost, standardFunctions: Iterable<string>): readonly Problem[] {
  const standard = [...standardFunctions].map((name): Claim => ({ name, by: 'the standard library' }));
  const handlers = host.contributions('resourceHandler');
  return [
    ...doubleClaims('language', named(host.contributions('engine'), 'language')),
    ...doubleClaims('function', [...standard, ...named(host.contributions('function'), 'name')]),
    ...doubleClaims('store type', named(host.contributions('storeType'), 'type')),
    ...doubleClaims('resource handler', named(handlers, 'name')),
    ...doubleClaims('kind', kindClaims(handlers)),
    ...doubleClaims('observer', named(host.contributions('observer'), 'name')),
  ];
}

type Named<Key extends string> = Pick<Contribution<'engine'>, 'entry'> & {
  readonly value: Readonly<Record<Key, string>>;
};

function named<Key extends string>(contributions: readonly Named<Key>[], key: Key): readonly Claim[] {
  return contributions.map(({ entry, value }) => claimOf(entry, value[key]));
}

/** Who claims each kind that some handler tells beforehand. */
function kindClaims(handlers: readonly Contribution<'resourceHandler'>[]): readonly Claim[] {
  const kinds = new Map(handlers.flatMap(({ value }) => value.kinds ?? []).map((gvk) => [gvkKey(gvk), gvk]));
  return [...kinds.values()].flatMap((gvk) =>
    handlers
      .filter(({ value }) => claims(value, gvk))
      .map(({ entry }) => claimOf(entry, `${gvk.apiVersion} ${gvk.kind}`)),
  );
}

/** A handler that cannot say it now is told of when somebody needs it. */
function claims(handler: ResourceHandler, gvk: GroupVersionKind): boolean {
  try {
    return handler.claims(gvk);
  } catch {
    return false;
  }
}
