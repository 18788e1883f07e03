import type { Origin } from '../../kernel/index.js';
import type { Manifest } from './manifest.js';
import type { ManifestFiles } from './manifest-files.js';
import type { Located } from './manifest-index.js';

/**
 * The origin of a resource whose file was read before: the text is read again now, and parsed when a position is first asked
 * for. Without positions when the file has changed since, which will be told of.
 */
export async function laterOrigin(
  files: ManifestFiles,
  { path, document }: Located,
  manifest: Manifest | undefined,
): Promise<Origin> {
  const text = manifest && (await files.textOf(path, manifest.revision));
  if (text === undefined) return { file: files.shown(path) };
  let origin: Origin | undefined;
  const found = (): Origin | undefined => {
    origin ??= files.parse(path, text).documents.find((one) => one.document.key === document.key)?.origin;
    return origin;
  };
  return {
    file: files.shown(path),
    locate: (at, within) => found()?.locate?.(at, within),
    locateKey: (at) => found()?.locateKey?.(at),
  };
}
