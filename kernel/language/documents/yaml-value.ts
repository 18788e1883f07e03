import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { ReadLimits } from '../../contracts/store-type.js';
import { hasKey, isList, isObject, type Json, type MutableJsonObject, setKey } from '../../model/json.js';
import type { Complaint } from './yaml-tree.js';

/** What a key is as JSON: the text as it is written, so that `1.0` and `yes` stay what their author sees. */
export function keyText(key: unknown): string | undefined {
  if (key === null || key === undefined) return '';
  if (!isScalar(key)) return undefined;
  return key.type === 'PLAIN' || typeof key.value !== 'string' ? (key.source ?? String(key.value)) : key.value;
}

/** Whether a pair merges other mappings into its own (`<<: *base`), as Kubernetes' tools read it. */
export function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.value === '<<';
}

/** A value that an anchor names, and what one more use of it costs. */
interface Anchored {
  readonly value: Json;
  readonly aliases: number;
  readonly size: number;
  readonly height: number;
}

/** Ends the reading of a document that is over a limit. */
class OverLimit extends Error {}

/** Reads the JSON value of a document's syntax tree, frozen; every complaint is told at its offset. */
export class YamlReader {
  readonly complaints: Complaint[] = [];
  readonly #limits: ReadLimits;
  readonly #anchors = new Map<string, Anchored>();
  /** Aliases and size as they would be with every alias written out. */
  #aliases = 0;
  #size = 0;
  /** How deep the value that was read last is. */
  #height = 0;

  constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  /** The value; undefined when a limit ended the reading. Where only parts are wrong, they are null and complained of. */
  read(contents: ParsedNode | null): Json | undefined {
    try {
      return this.#read(contents, 0);
    } catch (error) {
      if (error instanceof OverLimit) return undefined;
      throw error;
    }
  }

  #read(node: unknown, depth: number): Json {
    if (isAlias(node)) return this.#alias(node.source, offsetOf(node), depth);
    const aliases = this.#aliases;
    const size = this.#size;
    this.#size += 1;
    this.#height = 0;
    const value = this.#content(node, depth);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) {
      const cost = { aliases: this.#aliases - aliases, size: this.#size - size, height: this.#height };
      this.#anchors.set(anchor, { value, ...cost });
    }
    return value;
  }

  #content(node: unknown, depth: number): Json {
    if (isMap(node)) return this.#mapping(node, depth);
    if (isSeq(node)) return this.#list(node, depth);
    if (isScalar(node)) return this.#scalar(node);
    return null;
  }

  #scalar(node: Scalar): Json {
    const { value } = node;
    if (typeof value === 'string') {
      this.#size += value.length;
      return value;
    }
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null;
    return this.#complain('has a number that JSON does not have (infinite, or not a number)', offsetOf(node));
  }

  #list(node: YAMLSeq, depth: number): Json {
    let height = 0;
    const items = node.items.map((item) => {
      const value = this.#read(item, depth + 1);
      height = Math.max(height, this.#height);
      return value;
    });
    this.#height = height + 1;
    return Object.freeze(items);
  }

  #mapping(node: YAMLMap, depth: number): Json {
    const result: MutableJsonObject = {};
    const merged: Json[] = [];
    let height = 0;
    for (const pair of node.items) {
      if (isMerge(pair)) merged.push(...this.#mergeSources(pair, depth));
      else this.#entry(result, pair, depth);
      height = Math.max(height, this.#height);
    }
    this.#height = height + 1;
    for (const source of merged) {
      for (const [key, value] of isObject(source) ? Object.entries(source) : []) {
        if (!hasKey(result, key)) setKey(result, key, value);
      }
    }
    return Object.freeze(result);
  }

  #entry(result: MutableJsonObject, { key, value }: Pair, depth: number): void {
    const text = this.#keyText(key, depth);
    this.#height = 0;
    const item = this.#read(value, depth + 1);
    if (text === undefined) {
      this.#complain('has a key that is a list or mapping; keys are texts', offsetOf(key));
    } else if (hasKey(result, text)) {
      this.#complain('has the same key twice in one mapping', offsetOf(key));
    } else {
      this.#size += text.length;
      setKey(result, text, item);
    }
  }

  #keyText(key: unknown, depth: number): string | undefined {
    const text = keyText(key);
    if (text !== undefined && !(isScalar(key) && key.anchor)) return text;
    const value = this.#read(key, depth + 1);
    return text ?? (isList(value) || isObject(value) ? undefined : String(value));
  }

  #mergeSources({ key, value }: Pair, depth: number): readonly Json[] {
    const source = this.#read(value, depth + 1);
    const sources = isList(source) ? source : [source];
    if (sources.every(isObject)) return sources;
    this.#complain('has a merge key (<<) whose value is not a mapping', offsetOf(key));
    return [];
  }

  #alias(name: string, offset: number, depth: number): Json {
    const anchored = this.#anchors.get(name);
    if (anchored === undefined) {
      return this.#complain('has an alias whose anchor is not before it, or that stands inside its own anchor', offset);
    }
    this.#aliases += 1 + anchored.aliases;
    this.#size += anchored.size;
    const { documentAliases, documentBytes, documentDepth } = this.#limits;
    if (this.#aliases > documentAliases) {
      this.#refuse(`has more aliases than the limit of ${documentAliases} (limits.documentAliases)`, offset);
    }
    if (this.#size > documentBytes) {
      const what = 'is, with its aliases written out, larger than the limit';
      this.#refuse(`${what} of ${documentBytes} bytes (limits.documentBytes)`, offset);
    }
    if (depth + anchored.height > documentDepth) {
      const what = 'is, with its aliases written out, nested deeper than the limit';
      this.#refuse(`${what} of ${documentDepth} (limits.documentDepth)`, offset);
    }
    this.#height = anchored.height;
    return anchored.value;
  }

  #complain(message: string, offset: number): null {
    this.complaints.push({ code: 'document-value', message, offset });
    return null;
  }

  #refuse(message: string, offset: number): never {
    this.complaints.push({ code: 'document-limit', message, offset });
    throw new OverLimit(message);
  }
}

function offsetOf(node: unknown): number {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? (node.range?.[0] ?? 0) : 0;
}
