import type { Terminal } from './terminal.js';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** What is done before that time needs no progress. */
const PATIENCE_MS = 300;
const FRAME_MS = 100;

/** Shows on a terminal what is waited for while the work goes on; writes nothing anywhere else, and leaves nothing behind. */
export async function withProgress<T>(terminal: Terminal, text: string, work: Promise<T>): Promise<T> {
  if (!terminal.showsProgress) return work;
  let frame = -Math.floor(PATIENCE_MS / FRAME_MS);
  const timer = setInterval(() => {
    const sign = FRAMES[frame % FRAMES.length];
    if (sign !== undefined) terminal.overwrite(terminal.noteStyle('dim', `${sign} ${text}`));
    frame += 1;
  }, FRAME_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (frame > 0) terminal.overwrite('');
  }
}
