import { isMap, isScalar, isSeq, Pair, Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { getKey, hasKey, isList, isObject, type Json, type JsonObject } from '../../kernel/index.js';
import { documentText, keyNode, toNode } from './yaml-render.js';
import { isMergePair, keyText, parseYaml, styleOf } from './yaml-tree.js';

/**
 * The text of a document with another value, printed anew from its syntax tree: comments, the order of keys and most quoting
 * stay, white space need not, and aliases and merges are written out. For what cannot be done by changing single places.
 */
export function rewriteYaml(text: string, wanted: JsonObject): string {
  const document = parseYaml(text);
  document.contents = reconcile(document.contents, wanted) as never;
  return documentText(document, styleOf(parseYaml(text), text));
}

function reconcile(node: unknown, wanted: Json): YAMLMap | YAMLSeq | Scalar {
  if (isMap(node) && isObject(wanted)) return reconcileMapping(node, wanted);
  if (isSeq(node) && isList(wanted)) {
    node.items = wanted.map((item, index) => reconcile(node.items[index], item));
    return node;
  }
  if (!isScalar(node) || isList(wanted) || isObject(wanted)) return toNode(wanted);
  if (node.value === wanted) return node;
  const scalar = new Scalar(wanted);
  scalar.commentBefore = node.commentBefore ?? null;
  scalar.comment = node.comment ?? null;
  return scalar;
}

function reconcileMapping(node: YAMLMap, wanted: JsonObject): YAMLMap {
  const own = node.items.filter((pair) => !isMergePair(pair) && hasKey(wanted, keyText(pair.key) ?? ''));
  const present = new Set(own.map((pair) => keyText(pair.key)));
  for (const pair of own) pair.value = reconcile(pair.value, getKey(wanted, keyText(pair.key) ?? '') ?? null);
  const added = Object.entries(wanted).filter(([key]) => !present.has(key));
  node.items = [...own, ...added.map(([key, value]) => new Pair(keyNode(key), toNode(value)))];
  return node;
}
