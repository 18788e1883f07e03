import { inject, injectable } from 'tsyringe';
import { CLOCK, type Clock } from '../contracts/clock.js';
import type { ActionReport, LogicReport, RunCause } from '../contracts/run-report.js';
import { annotations } from '../model/names.js';
import { annotationOf, formatRef, type Resource, refOf } from '../model/resource.js';
import type { DriftPolicy } from '../runtime/run-context.js';
import { RunBrake } from '../scheduler/run-brake.js';
import type { Attempt } from './attempt.js';
import type { Verdict } from './conditions.js';
import { type Fight, type FightLimits, Fights } from './fights.js';
import { ManagedWatches } from './managed-watches.js';
import { contested, drifted, slowed } from './strain-conditions.js';
import { TriggerBook, type TriggerRecord } from './trigger-book.js';

export const FIGHT_LIMITS = Symbol.for('koreo.fight-limits');

/** What a run has to say of the strain on its trigger, and when to look again whether that is over. */
export interface Strain {
  readonly verdicts: readonly Verdict[];
  readonly lookAgainMs: number;
}

const NONE: Strain = { verdicts: [], lookAgainMs: Number.POSITIVE_INFINITY };

/** Sees what works against a trigger: others who change what it manages, and changes that run it too often. */
@injectable()
export class StrainWatch {
  constructor(
    @inject(CLOCK) private readonly clock: Clock,
    @inject(RunBrake) private readonly brake: RunBrake,
    @inject(FIGHT_LIMITS) private readonly limits: FightLimits,
    @inject(TriggerBook) private readonly book: TriggerBook,
    @inject(ManagedWatches) private readonly managed: ManagedWatches,
  ) {}

  /** How a run deals with drift. One that a person has asked for puts right what is contested, too. */
  policyFor({ resource, fights }: TriggerRecord, causes: readonly RunCause[]): DriftPolicy {
    const held = causes.includes('requested') ? undefined : fights?.held(this.clock.monotonic());
    return { mode: detectsOnly(resource) ? 'detect' : 'correct', held: held ?? new Map() };
  }

  /** Takes note of what an attempt did. */
  after(record: TriggerRecord, { run, paused }: Attempt): Strain {
    if (paused) return NONE;
    const now = this.clock.monotonic();
    const actions = (run?.steps ?? []).flatMap(actionsOf);
    if (actions.some(({ done }) => done)) record.fights ??= new Fights(this.limits);
    const fights = fightsOf(record, actions, now).map((fight) => this.#withTriggers(fight, record));
    const heats = this.brake.heatOf(record.key);
    return {
      verdicts: [
        ...(run !== undefined && detectsOnly(record.resource) ? [drifted(actions)] : []),
        ...contested(fights, this.limits),
        ...slowed(heats),
      ],
      lookAgainMs: Math.min(...fights.map(({ endsInMs }) => endsInMs), ...heats.map(({ coolsInMs }) => coolsInMs)),
    };
  }

  /** Whether nothing works against the trigger now. */
  isCalm(record: TriggerRecord): boolean {
    return fightsOf(record, [], this.clock.monotonic()).length === 0 && this.brake.heatOf(record.key).length === 0;
  }

  /** Other triggers that manage the resource too are suspects. */
  #withTriggers({ managers, ...fight }: Fight, { key }: TriggerRecord): Fight {
    const others = this.managed.triggersOf(fight.resource).filter((other) => other !== key);
    const named = others.flatMap((other) => this.book.get(other)?.resource ?? []).map((one) => formatRef(refOf(one)));
    return { ...fight, managers: [...managers, ...named.sort()] };
  }
}

/** The fights that go on after a run has done this. What is over leaves nothing behind. */
function fightsOf(record: TriggerRecord, actions: readonly ActionReport[], now: number): readonly Fight[] {
  const { fights } = record;
  if (fights === undefined) return [];
  fights.note(actions, now);
  if (fights.isEmpty) delete record.fights;
  return fights.current(now);
}

/** Whether the trigger's author wants drift to be told and not put right. */
function detectsOnly(trigger: Resource): boolean {
  return annotationOf(trigger, annotations.drift) === 'detect';
}

function actionsOf({ action, items = [], steps = [] }: LogicReport): readonly ActionReport[] {
  return [...(action === undefined ? [] : [action]), ...[...items, ...steps].flatMap(actionsOf)];
}
