import { isList, type Json } from '../../kernel/index.js';
import { current, failed, type Health, inProgress, type Observed } from './health.js';

/** Says how a resource of one kind is, from the fields that its own controller fills. */
export type HealthRule = (observed: Observed) => Health;

/** The kinds whose health their conditions alone do not tell, by `group/Kind`. */
export const KIND_RULES: ReadonlyMap<string, HealthRule> = new Map<string, HealthRule>([
  ['apps/Deployment', deployment],
  ['apps/StatefulSet', statefulSet],
  ['apps/DaemonSet', daemonSet],
  ['apps/ReplicaSet', replicaSet],
  ['batch/Job', job],
  ['/Pod', pod],
  ['/Service', service],
  ['/PersistentVolumeClaim', volumeClaim],
  ['/Namespace', namespace],
  ['policy/PodDisruptionBudget', disruptionBudget],
  ['apiextensions.k8s.io/CustomResourceDefinition', customResourceDefinition],
]);

function deployment(observed: Observed): Health {
  const progressing = observed.condition('Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') return failed(progressing.why);
  const wanted = observed.number(['spec', 'replicas'], 1);
  const all = observed.number(['status', 'replicas'], 0);
  const updated = observed.number(['status', 'updatedReplicas'], 0);
  const available = observed.number(['status', 'availableReplicas'], 0);
  if (updated < wanted) return inProgress(`${updated} of ${replicas(wanted)} are up to date`);
  if (all > updated) return inProgress(`${replicas(all - updated)} of before are still there`);
  if (available < updated) return inProgress(`${available} of ${replicas(updated)} are available`);
  return current;
}

function statefulSet(observed: Observed): Health {
  const wanted = observed.number(['spec', 'replicas'], 1);
  const ready = observed.number(['status', 'readyReplicas'], 0);
  if (ready < wanted) return inProgress(`${ready} of ${replicas(wanted)} are ready`);
  const all = observed.number(['status', 'replicas'], 0);
  if (all > wanted) return inProgress(`${replicas(all - wanted)} too many are still there`);
  if (observed.text('spec', 'updateStrategy', 'type') === 'OnDelete') return current;
  const kept = observed.number(['spec', 'updateStrategy', 'rollingUpdate', 'partition'], 0);
  const updated = observed.number(['status', 'updatedReplicas'], 0);
  if (kept > 0) {
    return updated < wanted - kept
      ? inProgress(`${updated} of ${replicas(wanted - kept)} are up to date (partition ${kept})`)
      : current;
  }
  const isOneRevision = observed.text('status', 'updateRevision') === observed.text('status', 'currentRevision');
  return isOneRevision ? current : inProgress(`${updated} of ${replicas(wanted)} are up to date`);
}

function daemonSet(observed: Observed): Health {
  if (observed.at('status', 'desiredNumberScheduled') === undefined) return inProgress('nothing is scheduled yet');
  const wanted = observed.number(['status', 'desiredNumberScheduled'], 0);
  const updated = observed.number(['status', 'updatedNumberScheduled'], 0);
  const available = observed.number(['status', 'numberAvailable'], 0);
  const isOnDelete = observed.text('spec', 'updateStrategy', 'type') === 'OnDelete';
  if (updated < wanted && !isOnDelete) return inProgress(`${updated} of ${wanted} pods are up to date`);
  return available < wanted ? inProgress(`${available} of ${wanted} pods are available`) : current;
}

function replicaSet(observed: Observed): Health {
  const failure = observed.condition('ReplicaFailure');
  if (failure?.status === 'True') return inProgress(failure.why);
  const wanted = observed.number(['spec', 'replicas'], 1);
  const available = observed.number(['status', 'availableReplicas'], 0);
  return available < wanted ? inProgress(`${available} of ${replicas(wanted)} are available`) : current;
}

/** A job that runs is on its way: what waits for it waits for its end. */
function job(observed: Observed): Health {
  const failure = observed.condition('Failed');
  if (failure?.status === 'True') return failed(failure.why);
  if (observed.condition('Complete')?.status === 'True') return current;
  if (observed.at('spec', 'suspend') === true) return inProgress('it is suspended');
  const done = observed.number(['status', 'succeeded'], 0);
  const wanted = observed.number(['spec', 'completions'], 1);
  return inProgress(`${done} of ${wanted === 1 ? '1 completion' : `${wanted} completions`}`);
}

function pod(observed: Observed): Health {
  switch (observed.text('status', 'phase')) {
    case 'Succeeded':
      return current;
    case 'Failed':
      return failed(observed.text('status', 'message') || observed.text('status', 'reason') || 'it has failed');
    default: {
      const stuck = waitingReasons(observed).find((reason) => STUCK.has(reason));
      if (stuck !== undefined) return failed(stuck);
      const ready = observed.condition('Ready');
      if (ready?.status === 'True') return current;
      const unscheduled = observed.condition('PodScheduled');
      if (unscheduled?.status === 'False') return inProgress(unscheduled.why);
      return inProgress(ready?.why || observed.text('status', 'phase') || 'not scheduled yet');
    }
  }
}

/** Why a container does not run when waiting alone will not help. */
const STUCK: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
]);

function waitingReasons(observed: Observed): readonly string[] {
  return [observed.at('status', 'initContainerStatuses'), observed.at('status', 'containerStatuses')]
    .flatMap((list): readonly Json[] => (isList(list) ? list : []))
    .flatMap((container) => {
      const reason = reasonOf(container);
      return reason === undefined ? [] : [reason];
    });
}

function reasonOf(container: Json): string | undefined {
  const state = (container as { readonly state?: { readonly waiting?: { readonly reason?: unknown } } } | null)?.state;
  return typeof state?.waiting?.reason === 'string' ? state.waiting.reason : undefined;
}

function service(observed: Observed): Health {
  if (observed.text('spec', 'type') !== 'LoadBalancer') return current;
  const ingress = observed.at('status', 'loadBalancer', 'ingress');
  return isList(ingress) && ingress.length > 0 ? current : inProgress('the load balancer has no address yet');
}

function volumeClaim(observed: Observed): Health {
  const phase = observed.text('status', 'phase');
  if (phase === 'Bound') return current;
  return phase === 'Lost' ? failed('its volume is lost') : inProgress('it is not bound to a volume yet');
}

function namespace(observed: Observed): Health {
  return observed.text('status', 'phase') === 'Terminating' ? { status: 'Terminating', message: '' } : current;
}

function disruptionBudget(observed: Observed): Health {
  const healthy = observed.number(['status', 'currentHealthy'], 0);
  const wanted = observed.number(['status', 'desiredHealthy'], 0);
  return healthy < wanted ? inProgress(`${healthy} of ${wanted} pods are healthy`) : current;
}

function customResourceDefinition(observed: Observed): Health {
  const names = observed.condition('NamesAccepted');
  if (names?.status === 'False') return failed(names.why);
  const established = observed.condition('Established');
  return established?.status === 'True' ? current : inProgress(established?.why || 'it is not established yet');
}

function replicas(count: number): string {
  return count === 1 ? '1 replica' : `${count} replicas`;
}
