import { isObject, type Json, type JsonObject, NotFoundError, type Resource } from 'koreo-kernel';
import type { Chance } from './chance.js';
import type { World } from './world.js';
import { isLeaving, refTo } from './world.js';
import {
  definitionsOf,
  drawMaker,
  drawSteps,
  drawTrigger,
  KINDS,
  type ModelLimits,
  TRIGGERS,
  type WorldModel,
} from './world-model.js';

const HOLD = 'others/hold';
const PAUSED = 'koreo.dev/paused';

/** What an actor may do. */
export interface ActorLimits extends ModelLimits {
  readonly deletesTriggers: boolean;
  /** What is paused is not let go of, even when it has gone: where nothing holds it, nobody could ever go on. */
  readonly pauses: boolean;
}

/** What people and other controllers do while a kernel works: they change what they want, and meddle with what it made. */
export class SecondActor {
  readonly #world: World;
  readonly #chance: Chance;
  readonly #limits: ActorLimits;

  constructor(world: World, chance: Chance, limits: ActorLimits) {
    this.#world = world;
    this.#chance = chance;
    this.#limits = limits;
  }

  /** Does one thing, and says what. */
  act(): string {
    const acts = [
      () => this.#editTrigger(),
      () => this.#editTrigger(),
      () => this.#comeAndGo(),
      () => this.#comeAndGo(),
      () => this.#editMaker(),
      () => this.#editSteps(),
      () => this.#loseDefinition(),
      () => this.#insist(),
      () => this.#pause(),
      () => this.#drift(),
      () => this.#drift(),
      () => this.#destroy(),
      () => this.#replace(),
      () => this.#hold(),
      () => this.#letGo(),
    ];
    return this.#chance.pick(acts)();
  }

  /** Puts back what is missing, mends what is broken on purpose, and holds nothing any more. */
  async rest(): Promise<void> {
    const { model, store } = this.#world;
    const mended = Object.entries(model.triggers).map(([name, trigger]) => [name, { ...trigger, broken: false }]);
    this.#world.want({ ...model, triggers: Object.fromEntries(mended) });
    for (const { kind, metadata } of this.#world.managed) {
      if (metadata.finalizers?.includes(HOLD)) await this.#release(kind, metadata.name);
    }
    for (const name of TRIGGERS) {
      const there = this.#world.see('Order', name);
      if (there?.metadata.annotations?.[PAUSED] === 'true') {
        await store.patch(refTo('Order', name), { metadata: { annotations: { [PAUSED]: null } } });
      }
    }
  }

  #want(change: Partial<WorldModel>): void {
    this.#world.want({ ...this.#world.model, ...change });
  }

  #editTrigger(): string {
    const { triggers } = this.#world.model;
    const name = this.#chance.pick(TRIGGERS);
    const broken = this.#chance.flip(0.2);
    if (triggers[name] === undefined) return 'nothing';
    const trigger = { ...drawTrigger(this.#chance), broken };
    this.#want({ triggers: { ...triggers, [name]: trigger } });
    return `Order ${name} becomes ${JSON.stringify(trigger)}`;
  }

  #comeAndGo(): string {
    const { [this.#chance.pick(TRIGGERS)]: chosen, ...others } = this.#world.model.triggers;
    const missing = TRIGGERS.find((name) => this.#world.model.triggers[name] === undefined);
    if (chosen !== undefined && this.#limits.deletesTriggers) {
      this.#want({ triggers: others });
      return `triggers are now ${Object.keys(others)}`;
    }
    if (missing === undefined) return 'nothing';
    const made = drawTrigger(this.#chance);
    this.#want({ triggers: { ...this.#world.model.triggers, [missing]: made } });
    return `Order ${missing} comes as ${JSON.stringify(made)}`;
  }

  #editMaker(): string {
    const { makers } = this.#world.model;
    const kind = this.#chance.pick(KINDS);
    const maker = drawMaker(this.#chance, this.#limits);
    this.#want({ makers: { ...makers, [kind]: maker } });
    return `maker of ${kind} becomes ${JSON.stringify(maker)}`;
  }

  #editSteps(): string {
    const steps = drawSteps(this.#chance);
    this.#want({ steps });
    return `steps become ${JSON.stringify(steps)}`;
  }

  #loseDefinition(): string {
    const { apiVersion, kind, metadata } = this.#chance.pick(definitionsOf(this.#world.model));
    this.#world.store.drop({ apiVersion, kind, name: metadata.name, namespace: 'defs' });
    return `${kind} ${metadata.name} is lost until something is wanted anew`;
  }

  /** Trigger authors apply again what they want, so that what is gone comes back. */
  #insist(): string {
    this.#want({});
    return 'all that is wanted is applied again';
  }

  #pause(): string {
    const name = this.#chance.pick(TRIGGERS);
    const there = this.#world.see('Order', name);
    if (there === undefined || !this.#limits.pauses) return 'nothing';
    const { [PAUSED]: paused, ...annotations } = there.metadata.annotations ?? {};
    const now = paused === undefined ? { ...annotations, [PAUSED]: 'true' } : annotations;
    this.#world.store.put({ ...there, metadata: { ...there.metadata, annotations: now } });
    return `Order ${name} is ${paused === undefined ? 'paused' : 'paused no longer'}`;
  }

  #drift(): string {
    return this.#meddle('changed', (one) =>
      this.#world.store.put({ ...one, spec: { ...asObject(one.spec), size: 77, note: 'by hand' } }),
    );
  }

  #destroy(): string {
    return this.#meddle('deleted', (one) => this.#world.remove(one));
  }

  #replace(): string {
    return this.#meddle('replaced by one of the same name', ({ apiVersion, kind, metadata: { name, namespace } }) => {
      this.#world.store.drop(refTo(kind, name));
      this.#world.store.put({
        apiVersion,
        kind,
        metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
        spec: { size: 66 },
      });
    });
  }

  #hold(): string {
    return this.#meddle('held', (one) => {
      if (isLeaving(one)) return;
      this.#world.store.put({ ...one, metadata: { ...one.metadata, finalizers: [HOLD] } });
    });
  }

  #letGo(): string {
    return this.#meddle('held no longer', ({ kind, metadata }) => void this.#release(kind, metadata.name));
  }

  async #release(kind: string, name: string): Promise<void> {
    const released = this.#world.store.patch(refTo(kind, name), { metadata: { finalizers: null } });
    await released.catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
    });
  }

  #meddle(what: string, how: (resource: Resource) => unknown): string {
    const { managed } = this.#world;
    if (managed.length === 0) return 'nothing';
    const chosen = this.#chance.pick(managed);
    how(chosen);
    return `${chosen.kind} ${chosen.metadata.name} is ${what}`;
  }
}

function asObject(value: Json | undefined): JsonObject {
  return value !== undefined && isObject(value) ? value : {};
}
