/** A Kubernetes condition. `lastTransitionTime` is RFC 3339 in UTC and moves only when `status` changes. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}
