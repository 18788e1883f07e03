import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an API server on the loopback interface proves itself with, and what it signs service account tokens with. */
export interface Certificates {
  /** PEM. */
  readonly ca: string;
  /** Paths of PEM files. */
  readonly files: {
    readonly ca: string;
    readonly certificate: string;
    readonly key: string;
    readonly serviceAccountKey: string;
    readonly serviceAccountPublicKey: string;
  };
}

const CONFIG = `
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign, digitalSignature
subjectKeyIdentifier = hash
[server]
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1, IP:10.0.0.1, DNS:localhost, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc
`;

/** Makes a certificate authority and one server certificate in the folder. @throws Error when openssl is not there */
export function makeCertificates(folder: string): Certificates {
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  writeFileSync(file('openssl.cnf'), CONFIG);
  for (const key of ['ca.key', 'server.key']) {
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key);
  }
  const request = ['req', '-new', '-config', 'openssl.cnf'];
  openssl(
    ...[...request, '-x509', '-key', 'ca.key', '-subj', '/CN=koreo-test-ca', '-days', '30'],
    ...['-extensions', 'ca', '-out', 'ca.crt'],
  );
  openssl(...request, '-key', 'server.key', '-subj', '/CN=kube-apiserver', '-out', 'server.csr');
  openssl(
    ...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30'],
    ...['-extfile', 'openssl.cnf', '-extensions', 'server', '-out', 'server.crt'],
  );
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  writeFileSync(file('sa.key'), privateKey, { mode: 0o600 });
  writeFileSync(file('sa.pub'), publicKey);
  return {
    ca: readFileSync(file('ca.crt'), 'utf8'),
    files: {
      ca: file('ca.crt'),
      certificate: file('server.crt'),
      key: file('server.key'),
      serviceAccountKey: file('sa.key'),
      serviceAccountPublicKey: file('sa.pub'),
    },
  };
}
