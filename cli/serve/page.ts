import type { Check } from './check.js';

/** An answer to be sent. */
export interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export function textPage(status: number, body: string): Page {
  return { status, type: 'text/plain; charset=utf-8', body: `${body}\n` };
}

/** What a probe is answered, in the form of kube-apiserver's: `ok`, or every check when one fails or all are asked for. */
export function checksPage(name: string, checks: readonly Check[], { verbose }: { readonly verbose: boolean }): Page {
  const passed = checks.every(({ failure }) => failure === undefined);
  if (passed && !verbose) return textPage(200, 'ok');
  const lines = checks.map((one) =>
    one.failure === undefined ? `[+]${one.name} ok` : `[-]${one.name} failed: ${one.failure}`,
  );
  return textPage(passed ? 200 : 503, [...lines, `${name} check ${passed ? 'passed' : 'failed'}`].join('\n'));
}
