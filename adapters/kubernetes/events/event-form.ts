import type { GroupVersionKind, JsonObject } from '../../../kernel/plugin.js';
import type { EventRecord } from './event-record.js';

/** Who tells. */
export interface Reporter {
  /** The kind of program: `koreo.dev/koreo`. */
  readonly controller: string;
  /** This process of it: the name of its pod. */
  readonly instance: string;
}

/** How Events look in one version of the API. */
export interface EventForm {
  readonly kind: GroupVersionKind;
  /** The path of the Events of a namespace. */
  path(namespace: string): string;
  /** An Event, beside its metadata. */
  body(record: EventRecord, reporter: Reporter): JsonObject;
  /** What to merge into an Event that is there, so that it tells of all that was observed. */
  patch(record: EventRecord): JsonObject;
}

/** Where Events of objects that have no namespace lie. */
const NO_NAMESPACE = 'default';

/** The namespace of the Events about the record's object. */
export function eventNamespace({ about }: EventRecord): string {
  return about.metadata.namespace ?? NO_NAMESPACE;
}

/** `events.k8s.io/v1`, since Kubernetes 1.19. */
export const EVENTS_V1: EventForm = {
  kind: { apiVersion: 'events.k8s.io/v1', kind: 'Event' },
  path: (namespace) => `/apis/events.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/events`,
  body: (record, { controller, instance }) => ({
    eventTime: microTime(record.firstAt),
    type: record.notice.type,
    reason: record.notice.reason,
    action: record.notice.action,
    note: shortened(record.notice.message),
    regarding: reference(record),
    reportingController: controller,
    reportingInstance: instance,
    ...(record.count > 1 ? series(record) : {}),
  }),
  patch: series,
};

/** `v1`, for servers that have no other. */
export const CORE_V1: EventForm = {
  kind: { apiVersion: 'v1', kind: 'Event' },
  path: (namespace) => `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`,
  body: (record, { controller, instance }) => ({
    type: record.notice.type,
    reason: record.notice.reason,
    message: shortened(record.notice.message),
    involvedObject: reference(record),
    source: { component: controller, host: instance },
    firstTimestamp: time(record.firstAt),
    ...counted(record),
  }),
  patch: counted,
};

function series({ count, lastAt }: EventRecord): JsonObject {
  return { series: { count, lastObservedTime: microTime(lastAt) } };
}

function counted({ count, lastAt }: EventRecord): JsonObject {
  return { count, lastTimestamp: time(lastAt) };
}

function reference({ about }: EventRecord): JsonObject {
  const { apiVersion, kind, metadata } = about;
  const { name, namespace, uid } = metadata;
  return {
    apiVersion,
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
  };
}

function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

function time(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, '');
}

/** What the API server takes of a note, in bytes. */
const NOTE_BYTES = 1024;

function shortened(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= NOTE_BYTES) return text;
  const ending = '…';
  const kept = bytes.subarray(0, NOTE_BYTES - Buffer.byteLength(ending)).toString();
  // A character that was cut in two is three bytes long in what stands for it.
  return `${kept.replace(/\uFFFD+$/, '')}${ending}`;
}
