import { inject, injectable } from 'tsyringe';
import type { Placement } from '../contracts/resource-handler.js';
import { STORES, type Store } from '../contracts/store.js';
import { UnknownStoreError } from '../contracts/store-errors.js';
import type { GroupVersionKind } from '../model/resource.js';
import { type KindPattern, kindMatcher } from './kind-pattern.js';
import type { StoreRouting } from './store-handler.js';

/** Sends the kinds that match to a store. */
export interface RoutingRule extends KindPattern {
  readonly store: string;
}

/** Which store holds which kind. The first rule that matches decides; else the default does. */
export interface Routing {
  readonly rules?: readonly RoutingRule[];
  readonly default?: string;
  /** The default of kinds as triggers, where it is another than that of kinds as managed resources. */
  readonly triggers?: string;
}

/** Tells in which store the triggers of a kind lie. */
export interface TriggerRouting {
  storeOfTriggers(gvk: GroupVersionKind): Store;
}

export const ROUTING = Symbol.for('koreo.routing');
export const STORE_ROUTER = Symbol.for('koreo.store-router');

/** Finds the store of a kind. */
@injectable()
export class StoreRouter implements StoreRouting, TriggerRouting {
  readonly #stores: ReadonlyMap<string, Store>;
  readonly #rules: readonly { readonly store: string; matches(gvk: GroupVersionKind): boolean }[];
  readonly #default: string | undefined;
  readonly #triggers: string | undefined;

  constructor(@inject(STORES) stores: ReadonlyMap<string, Store>, @inject(ROUTING) routing: Routing) {
    this.#stores = stores;
    this.#default = routing.default;
    this.#triggers = routing.triggers ?? routing.default;
    this.#rules = (routing.rules ?? []).map((rule) => ({ store: rule.store, matches: kindMatcher(rule) }));
  }

  /** @throws UnknownStoreError when the placement names a store that is not configured, or no rule leads to one */
  storeFor(gvk: GroupVersionKind, placement: Placement = {}): Store {
    return this.#named(placement.store ?? this.#ruled(gvk) ?? this.#default, gvk);
  }

  /** @throws UnknownStoreError as {@link storeFor} does */
  storeOfTriggers(gvk: GroupVersionKind): Store {
    return this.#named(this.#ruled(gvk) ?? this.#triggers, gvk);
  }

  #ruled(gvk: GroupVersionKind): string | undefined {
    return this.#rules.find((rule) => rule.matches(gvk))?.store;
  }

  #named(name: string | undefined, gvk: GroupVersionKind): Store {
    const what = `${gvk.apiVersion} ${gvk.kind}`;
    if (name === undefined) {
      throw new UnknownStoreError(`no routing rule matches ${what}, and there is no default store`);
    }
    const store = this.#stores.get(name);
    if (store !== undefined) return store;
    const known = [...this.#stores.keys()].map((one) => `'${one}'`).join(', ');
    throw new UnknownStoreError(`no store is named '${name}', as asked for ${what}; there are: ${known || 'none'}`);
  }
}
