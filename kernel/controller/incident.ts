/** Something that went wrong beside any run, and that the kernel goes on without: for the log. */
export interface Incident {
  /** What it happened to: `trigger watch`, `observer audit`. */
  readonly source: string;
  readonly error: unknown;
}

/** Takes note of incidents; never throws. */
export type IncidentSink = (incident: Incident) => void;

export const INCIDENT_SINK = Symbol.for('koreo.incident-sink');
