import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { asResource, type JsonObject } from 'koreo-kernel';
import { parse, stringify } from 'yaml';
import { type Running, startKoreo } from '../support/koreo.js';
import { tempFolder } from '../support/temp-folder.js';
import { BOAT_DEFINITIONS, type Boat, boatResource, partText } from './support/boats.js';
import { killAgainAndAgain } from './support/killing.js';
import type { Yard } from './support/yard.js';

const CONFIG = `
stores:
  - {name: definitions, type: file-system, root: ./definitions, readOnly: true}
  - {name: boats, type: file-system, root: ./boats}
  - {name: out, type: file-system, root: ./out}
definitions: [{store: definitions}]
routing: [{kind: Boat, store: boats}]
defaultStore: out
`;

/** One that looks like a part of a boat, and one that nobody here knows; both are somebody else's. */
const FOREIGN = {
  'out/theirs/part.yaml': `apiVersion: yard.example.com/v1
kind: Part
metadata: {name: boat-1-figurehead, namespace: theirs}
spec: {colour: 7}
`,
  'out/theirs/notes.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: notes, namespace: theirs}
data: {a: b}
`,
};

/** A yard in a folder. */
class FolderYard implements Yard {
  readonly #t: ExecutionContext;
  readonly #folder: string;

  constructor(t: ExecutionContext) {
    this.#t = t;
    const files = { 'koreo.config.yaml': CONFIG, 'definitions/boats.yaml': BOAT_DEFINITIONS, ...FOREIGN };
    this.#folder = tempFolder(t, files);
    mkdirSync(join(this.#folder, 'boats'));
  }

  async ask(name: string, boat: Boat): Promise<boolean> {
    const path = this.#boat(name);
    writeFileSync(`${path}~`, stringify(boatResource(name, boat)));
    renameSync(`${path}~`, path);
    return true;
  }

  async withdraw(name: string): Promise<void> {
    rmSync(this.#boat(name));
  }

  async parts(): Promise<readonly string[]> {
    return this.#in('out/yard/Part', (text) => partText(asResource(parse(text) as JsonObject)));
  }

  async boats(): Promise<readonly string[]> {
    return this.#in('boats/.koreo/status/yard/Boat.yard.example.com', (text) => {
      const { name, leaving } = JSON.parse(text) as { readonly name: string; readonly leaving?: unknown };
      return leaving === undefined ? name : `${name} is leaving`;
    });
  }

  async foreign(): Promise<unknown> {
    return Object.keys(FOREIGN).map((path) => readFileSync(join(this.#folder, path), 'utf8'));
  }

  start(): Running {
    return startKoreo(this.#t, ['run', '--output', 'json'], { cwd: this.#folder });
  }

  #boat(name: string): string {
    return join(this.#folder, 'boats', `${name}.yaml`);
  }

  /** What files say; temporary files of those who died are nobody's. */
  #in(path: string, tell: (text: string) => string): readonly string[] {
    const folder = join(this.#folder, path);
    const files = existsSync(folder) ? readdirSync(folder).filter((file) => !file.startsWith('.')) : [];
    return files.map((file) => tell(readFileSync(join(folder, file), 'utf8'))).toSorted();
  }
}

test('a controller of files that is killed again and again leaves nothing undone and nothing behind', async (t) => {
  await killAgainAndAgain(t, new FolderYard(t), { kills: 12 });
});
