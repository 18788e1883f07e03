import type { Assets } from './assets.js';
import type { Certificates } from './certificates.js';

/** Who issues service account tokens. */
export const TOKEN_ISSUER = 'https://kubernetes.default.svc';

/** The controllers that make of an API server a cluster without nodes. */
const CONTROLLERS = [
  'garbagecollector',
  'namespace',
  'serviceaccount',
  'root-ca-cert-publisher',
  'clusterrole-aggregation',
];

/** An etcd of one member that does not wait for the disk. */
export function etcdArgs({ dataDir, peerUrl, url }: { dataDir: string; peerUrl: string; url: string }): string[] {
  return [
    '--name=test',
    `--data-dir=${dataDir}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=test=${peerUrl}`,
  ];
}

/** Where an API server finds what it needs. */
export interface ApiServerPlace {
  readonly etcdUrl: string;
  readonly port: number;
  readonly certificates: Certificates;
  /** The file of static tokens. */
  readonly tokens: string;
}

/** An API server with RBAC on the loopback interface; only flags that every version from 1.20 on knows. */
export function apiServerArgs({ certificates: { files }, etcdUrl, port, tokens }: ApiServerPlace): string[] {
  return [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.0.0.0/24',
    `--tls-cert-file=${files.certificate}`,
    `--tls-private-key-file=${files.key}`,
    `--client-ca-file=${files.ca}`,
    `--token-auth-file=${tokens}`,
    '--authorization-mode=RBAC',
    `--service-account-issuer=${TOKEN_ISSUER}`,
    `--service-account-key-file=${files.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    '--disable-admission-plugins=ServiceAccount',
    '--allow-privileged=true',
    '--profiling=false',
  ];
}

/** Where a controller manager finds what it needs. */
export interface ControllerManagerPlace {
  readonly assets: Assets;
  readonly kubeconfig: string;
  readonly certificates: Certificates;
}

export function controllerManagerArgs({ assets, certificates, kubeconfig }: ControllerManagerPlace): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    `--controllers=${CONTROLLERS.join(',')}`,
    `--root-ca-file=${certificates.files.ca}`,
    `--service-account-private-key-file=${certificates.files.serviceAccountKey}`,
    '--secure-port=0',
    ...(assets.knows('kube-controller-manager', 'port') ? ['--port=0'] : []),
    '--profiling=false',
  ];
}
