import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { parseDocument } from 'yaml';
import { isList, isObject, type Json, type JsonObject } from '../../../kernel/plugin.js';
import { CredentialsError } from './connection.js';
import type { Impersonation } from './connection-options.js';

/**
 * The library's KubeConfig, with what kubectl knows beyond it: a user's `tokenFile`, groups, uid and extra fields of
 * impersonation, commands beside the file, and servers without TLS on this machine.
 */
export class CompleteKubeConfig extends KubeConfig {
  readonly #impersonations = new Map<string, Impersonation>();

  override loadFromFile(file: string): void {
    const folder = dirname(resolve(file));
    const content = contentOf(readFileSync(file, 'utf8'), file);
    for (const user of entriesOf(content, 'users')) this.#noteImpersonation(user);
    // JSON is YAML: the library need not parse again what may fail, with a message that quotes a token.
    this.loadFromString(JSON.stringify(completed(content, folder)));
    this.makePathsAbsolute(folder);
  }

  /** What pods are given to speak to a server with, in a folder; the token is read anew whenever it is no longer taken. */
  loadFromServiceAccount(folder: string, server: string): void {
    const [ca, namespace] = [join(folder, 'ca.crt'), join(folder, 'namespace')];
    const name = 'service-account';
    const content = {
      clusters: [{ name, cluster: { server, ...(existsSync(ca) && { 'certificate-authority': ca }) } }],
      users: [{ name, user: { tokenFile: join(folder, 'token') } }],
      contexts: [
        {
          name,
          context: {
            cluster: name,
            user: name,
            ...(existsSync(namespace) && { namespace: readFileSync(namespace, 'utf8').trim() }),
          },
        },
      ],
      'current-context': name,
    };
    this.loadFromString(JSON.stringify(completed(content, folder)));
  }

  /** What the file says of whom the user acts as; undefined when it says nothing. */
  impersonationOf(user: string): Impersonation | undefined {
    return this.#impersonations.get(user);
  }

  #noteImpersonation({ name, user }: JsonObject): void {
    if (typeof name !== 'string' || !isObject(user) || typeof user.as !== 'string') return;
    const { 'as-groups': groups, 'as-uid': uid, 'as-user-extra': extra } = user;
    this.#impersonations.set(name, {
      user: user.as,
      groups: textsOf(groups),
      ...(typeof uid === 'string' && { uid }),
      ...(isObject(extra) && {
        extra: Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, textsOf(values)])),
      }),
    });
  }
}

/** A configuration that has still to be read. */
export function newKubeConfig(): CompleteKubeConfig {
  return new CompleteKubeConfig();
}

/** @throws CredentialsError; the parser's own message quotes the text */
function contentOf(text: string, file: string): JsonObject {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    throw new CredentialsError(`the kubeconfig ${file} is no YAML: see line ${error.linePos?.[0].line ?? 1}`);
  }
  const content: unknown = document.toJS();
  if (!isObject(content)) throw new CredentialsError(`the kubeconfig ${file} is no mapping`);
  return content;
}

function completed(content: JsonObject, folder: string): JsonObject {
  const clusters = entriesOf(content, 'clusters').map((entry) => ({
    ...entry,
    cluster: completeCluster(entry.cluster),
  }));
  const users = entriesOf(content, 'users').map((entry) => ({ ...entry, user: completeUser(entry.user, folder) }));
  return { ...content, clusters, users } as JsonObject;
}

function completeCluster(cluster: Json | undefined): Json {
  if (!isObject(cluster) || typeof cluster.server !== 'string' || !isLocal(cluster.server)) return cluster ?? null;
  // Without TLS there is nothing to verify, and on this machine nobody to listen: `kubectl proxy`.
  return { ...cluster, 'insecure-skip-tls-verify': true };
}

function completeUser(user: Json | undefined, folder: string): Json {
  if (!isObject(user)) return user ?? null;
  const { tokenFile, token, exec } = user;
  return {
    ...user,
    ...(typeof tokenFile === 'string' &&
      typeof token !== 'string' && {
        'auth-provider': { name: 'tokenFile', config: { tokenFile: resolve(folder, tokenFile) } },
      }),
    ...(isObject(exec) &&
      typeof exec.command === 'string' && { exec: { ...exec, command: commandIn(folder, exec.command) } }),
  };
}

/** A command with a folder is beside the file, one without is looked for in PATH. */
function commandIn(folder: string, command: string): string {
  return isAbsolute(command) || !/[\\/]/.test(command) ? command : resolve(folder, command);
}

function isLocal(server: string): boolean {
  if (!URL.canParse(server)) return false;
  const { protocol, hostname } = new URL(server);
  const host = hostname.replace(/^\[|\]$/g, '');
  return (
    protocol === 'http:' && (host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.')))
  );
}

function entriesOf(content: JsonObject, key: string): readonly JsonObject[] {
  const entries = content[key];
  return isList(entries) ? entries.filter(isObject) : [];
}

function textsOf(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}
