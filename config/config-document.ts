import {
  type JsonObject,
  type Origin,
  type ParsedDocument,
  type Path,
  type Problem,
  parseDocuments,
  type SourceLocation,
} from '../kernel/index.js';
import type { Misfit } from './misfit.js';

/** The text of a configuration, parsed, with the place of every key and value in it. */
export class ConfigDocument {
  /** Its mapping, not shared with anyone; empty when the text holds nothing. */
  readonly value: JsonObject;
  /** What keeps the text from being one document of YAML. `value` is empty while there are any. */
  readonly problems: readonly Problem[];
  readonly #origin: Origin | undefined;

  constructor(
    text: string,
    /** The file's path, as problems name it. */
    readonly file: string,
  ) {
    const { documents, problems } = parseDocuments(text, { file });
    const [first, second] = documents;
    this.#origin = first?.origin;
    this.problems = second === undefined ? problems.map(asConfigProblem) : [this.#tooMany(second)];
    this.value = structuredClone(this.problems.length > 0 ? {} : (first?.value ?? {}));
  }

  /** The misfit as a problem at its place, or at the nearest ancestor that is there. */
  problem({ code, message, path, isKey = false }: Misfit): Problem {
    return { code, message, location: this.locate(path, isKey ? 'key' : 'value') };
  }

  /** Where the value at the path stands, or its key; or the nearest ancestor that is there. */
  locate(path: Path, of: 'key' | 'value' = 'value'): SourceLocation {
    const position = of === 'key' ? this.#origin?.locateKey?.(path) : this.#origin?.locate?.(path);
    return { path, file: this.file, ...position };
  }

  #tooMany({ origin }: ParsedDocument): Problem {
    const message = 'A configuration is one document; take away what follows the second `---`.';
    return { code: 'config-documents', message, location: { path: [], file: this.file, ...origin.locate?.([]) } };
  }
}

/** A document that is a list or a scalar is no configuration; the parser, which expects resources, says it otherwise. */
function asConfigProblem(problem: Problem): Problem {
  if (problem.code !== 'document-value') return problem;
  return { ...problem, message: 'A configuration must be a mapping of keys such as `stores` and `definitions`.' };
}
