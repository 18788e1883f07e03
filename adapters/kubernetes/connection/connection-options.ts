/** Whom requests act as, when the user may act as others. */
export interface Impersonation {
  readonly user: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Which server, and as whom. */
export interface ConnectionOptions {
  /** Absolute path of a kubeconfig. Absent: KUBECONFIG, then ~/.kube/config, then the pod's service account. */
  readonly kubeconfig?: string;
  /** Absent: the kubeconfig's current one. */
  readonly context?: string;
  /** URL of the API server, in place of the one that the context names. */
  readonly server?: string;
  /** Absolute path of a folder with a service account's `token` and `ca.crt`, in place of a kubeconfig; with `server`. */
  readonly serviceAccount?: string;
  readonly impersonate?: Impersonation;
}
