import { groupOf, type Resource } from '../../kernel/index.js';
import { current, failed, type Health, inProgress, Observed, type ObservedCondition } from './health.js';
import { type HealthRule, KIND_RULES } from './kind-rules.js';

/** How a resource is: by the rule of its kind where there is one, else by its conditions; without any it is Current. */
export function healthOf(resource: Resource): Health {
  const observed = new Observed(resource);
  const leaving = deletion(resource);
  if (leaving !== undefined) return leaving;
  const late = unobserved(observed);
  return late ?? (ruleOf(resource) ?? byConditions)(observed);
}

/** Whether the health of the kind is told by more than its conditions. */
export function hasRule(resource: Resource): boolean {
  return ruleOf(resource) !== undefined;
}

function ruleOf({ apiVersion, kind }: Resource): HealthRule | undefined {
  return KIND_RULES.get(`${groupOf(apiVersion)}/${kind}`);
}

function deletion({ metadata }: Resource): Health | undefined {
  if ((metadata.deletionTimestamp ?? null) === null) return undefined;
  const finalizers = metadata.finalizers ?? [];
  const waits = finalizers.length === 0 ? '' : `waits for ${finalizers.join(', ')}`;
  return { status: 'Terminating', message: waits };
}

/** Its controller has not yet looked at what its author said last, so that nothing it says is about that. */
function unobserved(observed: Observed): Health | undefined {
  const generation = observed.number(['metadata', 'generation'], 0);
  const seen = observed.at('status', 'observedGeneration');
  return typeof seen === 'number' && seen < generation
    ? inProgress('its controller has not seen the last change yet')
    : undefined;
}

/** Conditions that say whether a resource is as it should be, those that say more first. */
const POSITIVE = ['Ready', 'Available', 'Healthy', 'Succeeded', 'Complete', 'Synced'] as const;

function byConditions(observed: Observed): Health {
  const stalled = observed.condition('Stalled');
  if (stalled?.status === 'True') return failed(stalled.why);
  const reconciling = observed.condition('Reconciling');
  if (reconciling?.status === 'True') return inProgress(reconciling.why);
  for (const type of POSITIVE) {
    const condition = observed.condition(type);
    if (condition !== undefined) return byCondition(type, condition);
  }
  return current;
}

function byCondition(type: string, { status, reason, why }: ObservedCondition): Health {
  if (status === 'True') return current;
  const message = why || `${type} is ${status}`;
  // What our own kernel says of a run that will not come right by itself.
  return status === 'False' && reason === 'Failure' ? failed(message) : inProgress(message);
}
