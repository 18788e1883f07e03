/** The plural that Kubernetes would guess for a kind: `Deployment` → `deployments`, `Policy` → `policies`. For kinds that nobody declared. */
export function guessPlural(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular.endsWith('endpoints')) return singular;
  if (singular.endsWith('s')) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}
