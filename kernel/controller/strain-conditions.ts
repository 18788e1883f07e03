import type { ActionReport } from '../contracts/run-report.js';
import type { Condition } from '../model/condition.js';
import { annotations } from '../model/names.js';
import { formatPath } from '../model/path.js';
import { formatRef } from '../model/resource.js';
import type { Heat } from '../scheduler/run-brake.js';
import { type Verdict, verdict } from './conditions.js';
import type { Fight, FightLimits } from './fights.js';

/** The conditions that tell of strain, each with the reasons that nobody else gives for it. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  Contested: ['PutBackRepeatedly'],
  Drifted: ['ChangedBySomebodyElse', 'NoDrift'],
  Slowed: ['ChangesTooOften'],
};

/** So many things are named in a condition; the others are counted. */
const NAMED = 5;

/** Whether a condition tells of strain, so that it goes when that is over. */
export function tellsOfStrain({ type, reason }: Condition): boolean {
  return reason !== undefined && (REASONS[type] ?? []).includes(reason);
}

/** What a trigger of which drift is only to be told shows of it. */
export function drifted(actions: readonly ActionReport[]): Verdict {
  const told = actions.filter(({ drift }) => drift === 'reported');
  if (told.length === 0) return verdict('Drifted', 'False', 'NoDrift', 'Everything is as it was last applied.');
  const what = told.map(({ resource, differences }) => {
    return `${formatRef(resource)} (${listed(differences.map(({ path }) => formatPath(path)))})`;
  });
  const message = `Somebody else has changed ${listed(what)}. It is left so, by the annotation ${annotations.drift}.`;
  return verdict('Drifted', 'True', 'ChangedBySomebodyElse', message);
}

/** Nothing when nobody fights. */
export function contested(fights: readonly Fight[], { times, windowSeconds }: FightLimits): readonly Verdict[] {
  if (fights.length === 0) return [];
  const message =
    `${listed(fights.map(fightText))} had to be put back ${times} times within ${windowSeconds} s, or more often. ` +
    'It is done more and more rarely until it is left alone. Only one should say what it is.';
  return [verdict('Contested', 'True', 'PutBackRepeatedly', message)];
}

/** Nothing when nothing is too much. */
export function slowed(heats: readonly Heat[]): readonly Verdict[] {
  if (heats.length === 0) return [];
  const message =
    `Changes caused more runs than is useful, the last of ${listed(heats.map(({ about = 'the trigger itself' }) => about))}. ` +
    'Runs for such changes are kept apart until they come more rarely.';
  return [verdict('Slowed', 'True', 'ChangesTooOften', message)];
}

function fightText({ resource, path = 'whether it is there', managers }: Fight): string {
  const who = managers.length === 0 ? '' : `, which ${listed(managers)} changes`;
  return `${formatRef(resource)} (${path}${who})`;
}

function listed(all: readonly string[]): string {
  const others = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
  return `${all.slice(0, NAMED).join(', ')}${others}`;
}
