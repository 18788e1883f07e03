/** Forgets every revision of etcd before the present one, so that a watch that lags behind cannot go on. */
export async function compact(endpoint: string): Promise<void> {
  const { header } = await call(`${endpoint}/v3/kv/range`, { key: 'AA==', limit: '1' });
  await call(`${endpoint}/v3/kv/compaction`, { revision: header?.revision, physical: true });
}

interface Answer {
  readonly header?: { readonly revision?: string };
}

async function call(url: string, body: unknown): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`etcd answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
