import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** The lines of a stream, all that came with one chunk at a time; the last one needs no line end. */
export async function* linesOf(stream: Readable): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  let rest: string[] = [];
  for await (const chunk of stream) {
    const [first = '', ...others] = decoder.write(chunk).split(/\r?\n/);
    rest.push(first);
    if (others.length === 0) continue;
    const last = others.pop() ?? '';
    yield [rest.join(''), ...others];
    rest = [last];
  }
  yield [rest.join('') + decoder.end()];
}
