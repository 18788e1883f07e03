import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import { parse } from 'yaml';
import { eventually } from '../support/eventually.js';
import { type Running, startKoreo } from '../support/koreo.js';
import { tempFolder } from '../support/temp-folder.js';

/** So often the controller is killed. */
const KILLS = Number(process.env.KOREO_TEST_KILLS ?? 25);
/** Says how the triggers change, and when it is killed; a run that fails is repeated with its seed. */
const SEED = Number(process.env.KOREO_TEST_SEED ?? 20_261);
const TRIGGERS = 50;
const PARTS = ['hull', 'mast', 'sail', 'rudder'] as const;

const NAMES = Array.from({ length: TRIGGERS }, (_, index) => `boat-${index}`);

const CONFIG = `
stores:
  - {name: definitions, type: file-system, root: ./definitions, readOnly: true}
  - {name: boats, type: file-system, root: ./boats}
  - {name: out, type: file-system, root: ./out}
definitions: [{store: definitions}]
routing: [{kind: Boat, store: boats}]
defaultStore: out
`;

/** A step for each part; `parts` of the trigger says which are wanted. */
const DEFINITIONS = `
apiVersion: koreo.dev/v1beta1
kind: Workflow
metadata: {name: boats.v1, namespace: yard}
spec:
  crdRef: {apiGroup: yard.example.com, version: v1, kind: Boat}
  steps:
${PARTS.map(
  (part) => `    - label: ${part}
      ref: {kind: ResourceFunction, name: part.v1}
      skipIf: =!parent.spec.parts.exists(part, part == "${part}")
      inputs: {name: '=parent.metadata.name + "-${part}"', colour: =parent.spec.colour}`,
).join('\n')}
---
apiVersion: koreo.dev/v1beta1
kind: ResourceFunction
metadata: {name: part.v1, namespace: yard}
spec:
  apiConfig: {apiVersion: yard.example.com/v1, kind: Part, name: =inputs.name, namespace: yard}
  resource: {spec: {colour: =inputs.colour}}
  create: {delay: 0}
  update: {patch: {delay: 0}}
`;

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Boat {
  readonly colour: number;
  readonly parts: readonly string[];
}

/** Somebody who asks for boats, changes them and takes them back, by files, and knows what there should be. */
class Yard {
  readonly wanted = new Map<string, Boat>();

  constructor(
    readonly folder: string,
    readonly random: () => number,
  ) {
    for (const path of ['boats', 'out/theirs', 'definitions']) mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, 'koreo.config.yaml'), CONFIG);
    writeFileSync(join(folder, 'definitions/boats.yaml'), DEFINITIONS);
  }

  change(): void {
    const name = NAMES[Math.floor(this.random() * TRIGGERS)] ?? '';
    const path = join(this.folder, 'boats', `${name}.yaml`);
    if (this.wanted.has(name) && this.random() < 0.4) {
      this.wanted.delete(name);
      rmSync(path);
      return;
    }
    const parts = this.random() < 0.5 ? PARTS : PARTS.filter(() => this.random() < 0.7);
    this.#ask(name, { colour: Math.floor(this.random() * 1000), parts });
  }

  /** All are there at the end, but for every fifth. */
  finish(): void {
    for (const [index, name] of NAMES.entries()) {
      if (index % 5 !== 0) this.#ask(name, { colour: index, parts: PARTS });
      else if (this.wanted.delete(name)) rmSync(join(this.folder, 'boats', `${name}.yaml`));
    }
  }

  #ask(name: string, boat: Boat): void {
    this.wanted.set(name, boat);
    const path = join(this.folder, 'boats', `${name}.yaml`);
    const { colour, parts } = boat;
    const spec = `{colour: ${colour}, parts: [${parts.join(', ')}]}`;
    writeFileSync(
      `${path}~`,
      `apiVersion: yard.example.com/v1\nkind: Boat\nmetadata: {name: ${name}, namespace: yard}\nspec: ${spec}\n`,
    );
    renameSync(`${path}~`, path);
  }

  /** What every wanted boat should be made of: the name of each part, and its colour. */
  get expected(): readonly string[] {
    return [...this.wanted]
      .flatMap(([name, { colour, parts }]) => parts.map((part) => `${name}-${part} ${colour}`))
      .toSorted();
  }

  /** What is there of them; temporary files of those who died are nobody's resources. */
  get actual(): readonly string[] {
    const folder = join(this.folder, 'out/yard/Part');
    const files = existsSync(folder) ? readdirSync(folder).filter((file) => !file.startsWith('.')) : [];
    return files.map((file) => partOf(join(folder, file))).toSorted();
  }

  /** The boats that records speak of, and whether each is on its way out. */
  get recorded(): readonly string[] {
    const folder = join(this.folder, 'boats/.koreo/status/yard/Boat.yard.example.com');
    const files = existsSync(folder) ? readdirSync(folder).filter((file) => !file.startsWith('.')) : [];
    return files
      .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as { name: string; leaving?: unknown })
      .map(({ name, leaving }) => (leaving === undefined ? name : `${name} is leaving`))
      .toSorted();
  }
}

function partOf(path: string): string {
  const { metadata, spec } = parse(readFileSync(path, 'utf8')) as {
    metadata: { name: string };
    spec: { colour: number };
  };
  return `${metadata.name} ${spec.colour}`;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test(`a controller of files that is killed ${KILLS} times leaves nothing undone and nothing behind`, async (t) => {
  t.timeout(60_000 + KILLS * 10_000);
  t.log(`seed ${SEED}`);
  const random = numbers(SEED);
  const folder = tempFolder(t);
  const yard = new Yard(folder, random);
  // One that looks like a part of a boat, and one that nobody here knows; both are somebody else's.
  const foreign = new Map([
    [
      'out/theirs/part.yaml',
      'apiVersion: yard.example.com/v1\nkind: Part\nmetadata: {name: figurehead, namespace: theirs}\nspec: {colour: 7}\n',
    ],
    [
      'out/theirs/notes.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: notes, namespace: theirs}\ndata: {a: b}\n',
    ],
  ]);
  for (const [path, text] of foreign) writeFileSync(join(folder, path), text);

  let isBegun = 0;
  for (let round = 0; round < KILLS; round += 1) {
    const controller = startKoreo(t, ['run', '--output', 'json'], { cwd: folder });
    // Some die before they have begun, most amid their work, in which the author goes on.
    const changes = Math.floor(random() * 12);
    const isHasty = random() < 0.1;
    // Whatever is asked for is looked at when a controller starts.
    if (!isHasty && yard.wanted.size > 0) await begun(controller);
    for (let change = 0; change < changes; change += 1) {
      yard.change();
      await pause(random() * 40);
    }
    await pause(random() * 300);
    if (controller.stdout.includes('"type":"run"')) isBegun += 1;
    controller.process.kill('SIGKILL');
    await controller.ended;
    // And goes on while none is there.
    for (let change = 0; change < random() * 6; change += 1) yard.change();
  }
  yard.finish();

  const last = startKoreo(t, ['run', '--output', 'json'], { cwd: folder });
  const isDone = (): boolean =>
    isDeepStrictEqual(yard.actual, yard.expected) &&
    isDeepStrictEqual(yard.recorded, [...yard.wanted.keys()].toSorted());
  await eventually('all boats as they are wanted', isDone, 60_000).catch((error: unknown) => t.log(String(error)));
  t.deepEqual(yard.actual, yard.expected);
  t.deepEqual(yard.recorded, [...yard.wanted.keys()].toSorted());
  last.process.kill('SIGTERM');
  t.is((await last.ended).code, 0);
  for (const [path, text] of foreign) t.is(readFileSync(join(folder, path), 'utf8'), text, path);
  t.true(isBegun > KILLS / 2, `${isBegun} were killed after they had done something`);
});

/** Resolves when a controller is amid its work. */
async function begun(controller: Running): Promise<void> {
  await controller.until(({ stdout }) => stdout.includes('"type":"run"'), 60_000);
}
