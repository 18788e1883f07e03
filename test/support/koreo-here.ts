import { Readable, Writable } from 'node:stream';
import { ProgramCall } from '../../cli/call.js';
import type { Call, Ended } from './koreo.js';

// Whether a text gets colours is asked of the process itself, which is the one of the test.
delete process.env.FORCE_COLOR;

/** A call of the program within this process, which takes a tenth of the time of a process of its own. Nobody sends it signals. */
export async function koreo(args: readonly string[], { cwd, input = '', env = {} }: Call): Promise<Ended> {
  const [stdout, stderr] = [new Gathered(), new Gathered()];
  const call = new ProgramCall({
    stdin: Object.assign(Readable.from([input], { objectMode: false }), { isTTY: false }) as never,
    stdout: stdout as never,
    stderr: stderr as never,
    env: { ...process.env, ...env },
    cwd: () => cwd,
    on: () => undefined,
    exit: (code) => {
      throw new Error(`ended with ${code}`);
    },
  });
  const code = await call.run(args);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/** A stream that keeps what is written to it, at once. */
class Gathered extends Writable {
  text = '';

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(text: string, _encoding: BufferEncoding, done: () => void): void {
    this.text += text;
    done();
  }
}
