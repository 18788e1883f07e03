import { isList, isObject, type Json, type JsonObject, meantOrKnown, type Path } from '../kernel/index.js';
import type { Brought } from './contributions.js';
import type { Misfit } from './misfit.js';

/** Checks that the language and every store that is spoken of are there, and that it is plain where definitions come from. */
export function checkReferences(config: JsonObject, brought: Brought): readonly Misfit[] {
  const names = namesOf(config.stores);
  const spokenOf: readonly (readonly [Path, Json | undefined])[] = [
    ...storesIn('routing', config.routing),
    [['defaultStore'], config.defaultStore],
    [['triggerStore'], config.triggerStore],
    ...storesIn('definitions', config.definitions),
    [['leaderElection', 'store'], isObject(config.leaderElection) ? config.leaderElection.store : undefined],
  ];
  return [
    ...checkLanguage(config.language, brought),
    ...spokenOf.flatMap(([path, name]) => checkStore(path, name, names)),
    ...(config.definitions === undefined && names.length > 1 ? [definitionsMissing(names)] : []),
  ];
}

function checkLanguage(language: Json | undefined, { languages: known, isPartial }: Brought): readonly Misfit[] {
  if (typeof language !== 'string' || language === '' || known.includes(language) || isPartial) return [];
  const message = `no plug-in brings the language '${language}'${meantOrKnown(language, known)}`;
  return [{ code: 'reference-missing', path: ['language'], message }];
}

function checkStore(path: Path, name: Json | undefined, names: readonly string[]): readonly Misfit[] {
  if (typeof name !== 'string' || names.includes(name)) return [];
  const message = `there is no store '${name}'${meantOrKnown(name, names)}`;
  return [{ code: 'reference-missing', path, message }];
}

function definitionsMissing(names: readonly string[]): Misfit {
  const example = `definitions: [{store: ${names[0]}}]`;
  return {
    code: 'schema',
    path: [],
    message: `'definitions' is missing: say which stores hold them, such as \`${example}\``,
  };
}

function storesIn(key: string, list: Json | undefined): readonly (readonly [Path, Json | undefined])[] {
  if (!isList(list)) return [];
  return list.map((item, index) => [[key, index, 'store'], isObject(item) ? item.store : undefined]);
}

function namesOf(stores: Json | undefined): readonly string[] {
  if (!isList(stores)) return [];
  const names = stores.flatMap((store) => (isObject(store) && typeof store.name === 'string' ? [store.name] : []));
  return [...new Set(names)];
}
