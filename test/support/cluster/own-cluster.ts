import { createPrivateKey, sign } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assets } from './assets.js';
import { AuditLog } from './audit-log.js';
import { type Certificates, makeCertificates } from './certificates.js';
import { Cluster } from './cluster.js';
import { Component } from './component.js';
import { apiServerArgs, controllerManagerArgs, etcdArgs, TOKEN_ISSUER } from './component-args.js';
import { compact } from './etcd.js';
import { type KubeconfigContext, writeKubeconfig } from './kubeconfig.js';
import { freePorts } from './ports.js';
import { isOk } from './probe.js';
import { type ClusterUser, ClusterUsers } from './users.js';
import { Watchdog } from './watchdog.js';

/** How an API server is started; all has a default. */
export interface ClusterOptions {
  /** Beside `admin`, who may do everything, and `plain`, who may do nothing until a binding names them. */
  readonly users?: readonly ClusterUser[];
  /** Keeps an audit log. Not every test server can. */
  readonly auditLog?: boolean;
  /** Collects garbage, ends namespaces; on by default where the program is there. */
  readonly controllerManager?: boolean;
  readonly apiServerArgs?: readonly string[];
}

/** A real API server of one's own with throw-away data, whose parts may be paused, killed and started again. */
export class OwnCluster extends Cluster {
  readonly #parts: Parts;

  private constructor(kubeconfig: string, parts: Parts) {
    super(kubeconfig);
    this.#parts = parts;
  }

  /** Resolves when the API server is ready. @throws Error with the end of a log when it does not become so */
  static async start(assets: Assets, options: ClusterOptions = {}): Promise<OwnCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'koreo-cluster-'));
    const watchdog = new Watchdog(folder);
    try {
      const parts = await makeParts({ assets, options, folder, watchdog });
      const kubeconfig = join(folder, 'kubeconfig');
      writeKubeconfig(
        kubeconfig,
        parts.users.names.filter((name) => name !== CONTROLLER_MANAGER.name).map((name) => contextOf(parts, name)),
      );
      const cluster = new OwnCluster(kubeconfig, parts);
      await parts.etcd.start();
      await parts.apiServer.start();
      await parts.controllerManager?.start();
      return cluster;
    } catch (error) {
      await watchdog.release();
      throw error;
    }
  }

  get etcd(): Component {
    return this.#parts.etcd;
  }

  get apiServer(): Component {
    return this.#parts.apiServer;
  }

  /** Absent where its program is not there, or was not asked for. */
  get controllerManager(): Component | undefined {
    return this.#parts.controllerManager;
  }

  get certificates(): Certificates {
    return this.#parts.certificates;
  }

  /** @throws Error when the cluster was started without one */
  get auditLog(): AuditLog {
    if (this.#parts.auditLog === undefined) throw new Error('the cluster was started without an audit log');
    return this.#parts.auditLog;
  }

  token(user: string): string {
    return this.#parts.users.token(user);
  }

  /** One of the contexts of the kubeconfig, to write another kubeconfig with. */
  context(user = 'admin'): KubeconfigContext {
    return contextOf(this.#parts, user);
  }

  /** Gives a user another token and starts the server again, so that the old one is refused. The kubeconfig stays as it is. */
  async replaceToken(user: string): Promise<string> {
    const token = this.#parts.users.renew(user);
    await this.apiServer.restart();
    return token;
  }

  /**
   * A token of a service account that is refused some seconds from now, sooner than the server would issue one; it keeps
   * accepting one that it has just seen for ten more.
   */
  async serviceAccountToken(account: { namespace: string; name: string }, seconds: number): Promise<string> {
    const resource = await this.get({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: account });
    if (resource === undefined) throw new Error(`there is no ServiceAccount ${account.namespace}/${account.name}`);
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: TOKEN_ISSUER,
      aud: [TOKEN_ISSUER],
      sub: `system:serviceaccount:${account.namespace}:${account.name}`,
      iat: now - LEEWAY_SECONDS,
      nbf: now - LEEWAY_SECONDS,
      exp: now + seconds - LEEWAY_SECONDS,
      'kubernetes.io': {
        namespace: account.namespace,
        serviceaccount: { name: account.name, uid: resource.metadata.uid },
      },
    };
    const body = [{ alg: 'RS256', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const key = createPrivateKey(readFileSync(this.certificates.files.serviceAccountKey));
    return `${body}.${sign('sha256', Buffer.from(body), key).toString('base64url')}`;
  }

  /** Forgets every revision before the present one. */
  async compactEtcd(): Promise<void> {
    await compact(this.#parts.etcdUrl);
  }

  /** Ends everything and removes all data. */
  async stop(): Promise<void> {
    await this.controllerManager?.kill();
    await this.apiServer.kill();
    await this.etcd.kill();
    await this.#parts.watchdog.release();
  }
}

/** What servers allow between their clock and a token's. */
const LEEWAY_SECONDS = 60;

const CONTROLLER_MANAGER: ClusterUser = { name: 'system:kube-controller-manager', groups: ['system:masters'] };

interface Parts {
  readonly watchdog: Watchdog;
  readonly certificates: Certificates;
  readonly users: ClusterUsers;
  readonly server: string;
  readonly etcdUrl: string;
  readonly etcd: Component;
  readonly apiServer: Component;
  readonly controllerManager: Component | undefined;
  readonly auditLog: AuditLog | undefined;
}

interface Place {
  readonly assets: Assets;
  readonly options: ClusterOptions;
  readonly folder: string;
  readonly watchdog: Watchdog;
}

async function makeParts({ assets, folder, options, watchdog }: Place): Promise<Parts> {
  const file = (name: string): string => join(folder, name);
  const [etcdPort = 0, peerPort = 0, apiPort = 0] = await freePorts(3);
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const server = `https://127.0.0.1:${apiPort}`;
  const certificates = makeCertificates(folder);
  const users = new ClusterUsers(
    [{ name: 'admin', groups: ['system:masters'] }, { name: 'plain' }, ...(options.users ?? []), CONTROLLER_MANAGER],
    file('tokens.csv'),
  );
  const auditLog = options.auditLog === true ? new AuditLog(file('audit.log')) : undefined;
  const common = { onStart: (pid: number) => watchdog.guard(pid) };
  const etcd = new Component({
    ...common,
    name: 'etcd',
    command: assets.path('etcd'),
    args: etcdArgs({ dataDir: file('etcd'), url: etcdUrl, peerUrl: `http://127.0.0.1:${peerPort}` }),
    log: file('etcd.log'),
    isReady: () => isOk(`${etcdUrl}/health`),
  });
  const apiServer = new Component({
    ...common,
    name: 'kube-apiserver',
    command: assets.path('kube-apiserver'),
    args: [
      ...apiServerArgs({ etcdUrl, port: apiPort, certificates, tokens: file('tokens.csv') }),
      ...(auditLog?.flags(file('audit-policy.json')) ?? []),
      ...(options.apiServerArgs ?? []),
    ],
    log: file('kube-apiserver.log'),
    isReady: async () => {
      const ask = { ca: certificates.ca, token: users.token('admin') };
      return (await isOk(`${server}/readyz`, ask)) && (await isOk(`${server}/api/v1/namespaces/default`, ask));
    },
  });
  const parts = { watchdog, certificates, users, server, etcdUrl, etcd, apiServer, auditLog };
  if (options.controllerManager === false || !assets.has('kube-controller-manager')) {
    return { ...parts, controllerManager: undefined };
  }
  const kubeconfig = file('controller-manager.kubeconfig');
  writeKubeconfig(kubeconfig, [contextOf({ ...parts, controllerManager: undefined }, CONTROLLER_MANAGER.name)]);
  const controllerManager = new Component({
    ...common,
    name: 'kube-controller-manager',
    command: assets.path('kube-controller-manager'),
    args: controllerManagerArgs({ assets, kubeconfig, certificates }),
    log: file('kube-controller-manager.log'),
    isReady: async () => true,
  });
  return { ...parts, controllerManager };
}

function contextOf({ certificates, server, users }: Parts, user: string): KubeconfigContext {
  return { name: user, server, ca: certificates.ca, user: { token: users.token(user) } };
}
