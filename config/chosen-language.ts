import { isList, isObject, type Json, type JsonObject, type MutableJsonObject, setKey } from '../kernel/index.js';

/** What options of a store may hold in place of the language of the deployment. */
const PLACEHOLDER = /\$\{language\}/g;

/**
 * The configuration with the name of its language wherever the options of a store say `${language}`, so that one line chooses
 * a language together with the folder of what is written in it. Everything else stays as it is.
 */
export function withChosenLanguage(config: JsonObject): JsonObject {
  const { language, stores } = config;
  if (typeof language !== 'string' || !isList(stores)) return config;
  return { ...config, stores: stores.map((store) => filledIn(store, language)) };
}

function filledIn(value: Json, language: string): Json {
  if (typeof value === 'string') return value.replace(PLACEHOLDER, () => language);
  if (isList(value)) return value.map((item) => filledIn(item, language));
  if (!isObject(value)) return value;
  const filled: MutableJsonObject = {};
  for (const [key, item] of Object.entries(value)) setKey(filled, key, filledIn(item, language));
  return filled;
}
