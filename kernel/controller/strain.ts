import { inject, injectable } from 'tsyringe';
import { CLOCK, type Clock } from '../contracts/clock.js';
import type { ActionReport, LogicReport, RunCause } from '../contracts/run-report.js';
import { annotations } from '../model/names.js';
import { formatPath } from '../model/path.js';
import { annotationOf, formatRef, type Resource } from '../model/resource.js';
import type { DriftPolicy } from '../runtime/run-context.js';
import { type Heat, RunBrake } from '../scheduler/run-brake.js';
import type { Attempt } from './attempt.js';
import { type Verdict, verdict } from './conditions.js';
import { type Fight, type FightLimits, Fights } from './fights.js';
import type { TriggerRecord } from './trigger-book.js';

export const FIGHT_LIMITS = Symbol.for('koreo.fight-limits');

/** What a run has to say of the strain on its trigger, and when to look again whether that is over. */
export interface Strain {
  readonly verdicts: readonly Verdict[];
  readonly lookAgainMs: number;
}

/** The conditions that tell of strain, each by the reason that nobody else gives for it. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  Contested: ['PutBackRepeatedly'],
  Drifted: ['ChangedBySomebodyElse', 'NoDrift'],
  Slowed: ['ChangesTooOften'],
};

/** Whether a condition tells of strain, and goes when that is over. */
export function tellsOfStrain({ type, reason }: { readonly type: string; readonly reason?: string }): boolean {
  return reason !== undefined && (REASONS[type] ?? []).includes(reason);
}

/** So many things are named in a condition; the others are counted. */
const NAMED = 5;

/** Sees what works against a trigger: others who change what it manages, and changes that run it too often. */
@injectable()
export class StrainWatch {
  constructor(
    @inject(CLOCK) private readonly clock: Clock,
    @inject(RunBrake) private readonly brake: RunBrake,
    @inject(FIGHT_LIMITS) private readonly limits: FightLimits,
  ) {}

  /** How a run deals with drift. One that a person has asked for puts right what is contested, too. */
  policyFor({ resource, fights }: TriggerRecord, causes: readonly RunCause[]): DriftPolicy {
    const held = causes.includes('requested') ? undefined : fights?.held(this.clock.monotonic());
    return { mode: detectsOnly(resource) ? 'detect' : 'correct', held: held ?? new Map() };
  }

  /** Takes note of what an attempt did. */
  after(record: TriggerRecord, { run, paused }: Attempt): Strain {
    const now = this.clock.monotonic();
    const actions = (run?.steps ?? []).flatMap(actionsOf);
    record.fights ??= new Fights(this.limits);
    record.fights.note(actions, now);
    const fights = record.fights.current(now);
    const heats = this.brake.heatOf(record.key);
    const drifted = run !== undefined && detectsOnly(record.resource) ? [driftVerdict(actions)] : [];
    if (paused) return { verdicts: [], lookAgainMs: Number.POSITIVE_INFINITY };
    return {
      verdicts: [...drifted, ...this.#contested(fights), ...this.#slowed(heats)],
      lookAgainMs: Math.min(...fights.map(({ endsInMs }) => endsInMs), ...heats.map(({ coolsInMs }) => coolsInMs)),
    };
  }

  #contested(fights: readonly Fight[]): readonly Verdict[] {
    if (fights.length === 0) return [];
    const { times, windowSeconds } = this.limits;
    const message =
      `${listed(fights.map(fightText))} had to be put back ${times} times within ${windowSeconds} s, or more often. ` +
      'It is done more and more rarely until it is left alone. Only one should say what it is.';
    return [verdict('Contested', 'True', 'PutBackRepeatedly', message)];
  }

  #slowed(heats: readonly Heat[]): readonly Verdict[] {
    if (heats.length === 0) return [];
    const what = heats.map(({ about }) => (about === undefined ? 'the trigger itself' : about));
    const message =
      `Changes caused more runs than is useful, the last of ${listed(what)}. ` +
      'Runs for such changes are kept apart until they come more rarely.';
    return [verdict('Slowed', 'True', 'ChangesTooOften', message)];
  }
}

/** Whether the trigger's author wants drift to be told and not put right. */
function detectsOnly(trigger: Resource): boolean {
  return annotationOf(trigger, annotations.drift) === 'detect';
}

function driftVerdict(actions: readonly ActionReport[]): Verdict {
  const drifted = actions.filter(({ drift }) => drift === 'reported');
  if (drifted.length === 0) return verdict('Drifted', 'False', 'NoDrift', 'Everything is as it was last applied.');
  const what = drifted.map(({ resource, differences }) => {
    return `${formatRef(resource)} (${listed(differences.map(({ path }) => formatPath(path)))})`;
  });
  const message = `Somebody else has changed ${listed(what)}. It is left so, by the annotation ${annotations.drift}.`;
  return verdict('Drifted', 'True', 'ChangedBySomebodyElse', message);
}

function fightText({ resource, path = 'whether it is there', managers }: Fight): string {
  const who = managers.length === 0 ? '' : `, which ${listed(managers)} changes`;
  return `${formatRef(resource)} (${path}${who})`;
}

function listed(all: readonly string[]): string {
  const others = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
  return `${all.slice(0, NAMED).join(', ')}${others}`;
}

function actionsOf({ action, items = [], steps = [] }: LogicReport): readonly ActionReport[] {
  return [...(action === undefined ? [] : [action]), ...[...items, ...steps].flatMap(actionsOf)];
}
