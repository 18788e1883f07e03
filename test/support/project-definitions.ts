import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  asResource,
  definitionKind,
  isList,
  isObject,
  isResource,
  type JsonObject,
  parseDocuments,
  prepareDefinition,
  type Resource,
} from 'koreo-kernel';
import { prepareContext } from './prepare.js';

/** A definition of an example or of a test, and how it is judged without a cluster. */
export interface ProjectDefinition {
  /** The file, and the definition's name. */
  readonly title: string;
  readonly resource: Resource;
  /** Whether it has {@link formalProblems}. */
  readonly refused: boolean;
}

const CONTEXT = prepareContext();

/** What is wrong with a definition that is a matter of its form, and not of its expressions and references. */
export function formalProblems(resource: Resource): readonly string[] {
  const result = prepareDefinition(resource, { store: 'test' }, CONTEXT);
  const problems = result.status === 'broken' ? result.problems : [];
  return problems.filter(({ code }) => FORMAL.has(code)).map(({ message }) => message);
}

/** The codes of what a CRD is asked to say. */
const FORMAL: ReadonlySet<string> = new Set(['schema', 'duplicate-label', 'duplicate-default', 'duplicate-case']);

/** All definitions of the examples, and of the tests of the language: good ones, and all kinds of wrong ones. */
export function projectDefinitions(): readonly ProjectDefinition[] {
  return ['examples', 'test/language'].flatMap(filesIn).flatMap((file) =>
    parseDocuments(readFileSync(file, 'utf8'), { file })
      .documents.flatMap(({ value }) => (value === undefined ? [] : definitionsIn(value)))
      .map((resource) => {
        const title = `${file} ${resource.kind} ${resource.metadata.name}`;
        return { title, resource, refused: formalProblems(resource).length > 0 };
      }),
  );
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:koreo|ya?ml)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/\/(?:out|node_modules|\.koreo)\//.test(file));
}

/** The definition that a document is, or those of a case that a document describes. */
function definitionsIn(value: JsonObject): readonly Resource[] {
  const cases = isList(value.definitions) ? value.definitions.filter(isObject) : [];
  return [value, ...cases]
    .filter(isResource)
    .map(asResource)
    .filter((one) => definitionKind(one) !== undefined);
}
