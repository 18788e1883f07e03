import type { ApiProbe } from './api-probe.js';

// biome-ignore lint/suspicious/noExplicitAny: whatever a server says, to be looked at in expectations
type WatchLine = { readonly type: string; readonly object: any };

/** A watch that is read line by line. */
export interface OpenLines {
  readonly code: number;
  /** The next line that is no bookmark. */
  next(): Promise<WatchLine>;
  /** How it ends: between two lines, or inside of one. */
  ended(): Promise<'between lines' | 'inside a line'>;
  end(): void;
}

/** Opens a watch. */
export async function openLines(probe: ApiProbe, path: string): Promise<OpenLines> {
  const { code, stream, end } = await probe.open('GET', path);
  const chunks = stream[Symbol.asyncIterator]();
  const lines: WatchLine[] = [];
  let rest = '';
  const read = async (): Promise<boolean> => {
    const { value, done } = await chunks.next().catch(() => ({ value: undefined, done: true }));
    if (done) return false;
    const parts = `${rest}${value}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((part) => JSON.parse(part) as WatchLine).filter(({ type }) => type !== 'BOOKMARK'));
    return true;
  };
  return {
    code,
    end,
    async next() {
      for (;;) {
        const line = lines.shift();
        if (line !== undefined) return line;
        if (!(await read())) throw new Error('the watch has ended');
      }
    },
    async ended() {
      while (await read());
      return rest === '' ? 'between lines' : 'inside a line';
    },
  };
}
