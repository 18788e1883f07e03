import { setTimeout as after } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ExecutionContext } from 'ava';
import { eventually } from '../../support/eventually.js';
import type { Running } from '../../support/koreo.js';
import { testSeed } from '../../support/property.js';
import { Shipowner } from './shipowner.js';
import type { Yard } from './yard.js';

const { KOREO_TEST_KILLS } = process.env;

/**
 * Kills controllers of a yard at any moment, again and again, while boats are asked for, changed and taken back; then lets
 * one live, and holds that all is as it is wanted, also when nothing is wanted any more, and that nothing foreign was touched.
 * The environment says how many are killed, and the seed of all that is left to chance.
 */
export async function killAgainAndAgain(t: ExecutionContext, yard: Yard, { kills = 12 } = {}): Promise<void> {
  const count = Number(KOREO_TEST_KILLS ?? kills);
  t.timeout(480_000 + count * 20_000);
  t.log(`seed ${testSeed}`);
  const begin = Date.now();
  const foreign = await yard.foreign();
  const owner = new Shipowner(yard, testSeed);
  const isAsWanted = async (): Promise<boolean> =>
    isDeepStrictEqual(await yard.parts(), owner.parts) && isDeepStrictEqual(await yard.boats(), owner.boats);
  const becomesAsWanted = async (): Promise<void> => {
    await eventually('all as it is wanted', isAsWanted, 180_000).catch((error: unknown) => t.log(String(error)));
    t.deepEqual(await yard.parts(), owner.parts);
    t.deepEqual(await yard.boats(), owner.boats);
    t.deepEqual(await yard.foreign(), foreign);
  };

  let [begun, amid] = [0, 0];
  for (let round = 0; round < count; round += 1) {
    if (await killOne(owner, yard.start())) begun += 1;
    if (!(await isAsWanted())) amid += 1;
    // Its author goes on while none is there.
    for (let change = 0; change < owner.random() * 6; change += 1) await owner.change();
  }

  const last = yard.start();
  await owner.finish();
  await becomesAsWanted();
  const [boats, parts] = [owner.boats.length, owner.parts.length];
  await owner.withdrawAll();
  await becomesAsWanted();
  last.process.kill('SIGTERM');
  t.is((await last.ended).code, 0, last.stdout.slice(-2000) + last.stderr);
  const seconds = Math.round((Date.now() - begin) / 1000);
  t.log(`${count} killed in ${seconds} s, ${amid} of them amid work; then ${boats} boats of ${parts} parts, then none`);
  t.true(begun > count / 2, `${begun} were killed after they had done something`);
}

/** Lets the author make changes while a controller works, then kills it. Gives whether it had done something. */
async function killOne(owner: Shipowner, controller: Running): Promise<boolean> {
  const hasRun = ({ stdout }: Running): boolean => stdout.includes('"type":"run"');
  const changes = Math.floor(owner.random() * 12);
  // Some die before they have begun. What is asked for is looked at whenever one starts.
  const isHasty = owner.random() < 0.1;
  if (!isHasty && owner.boats.length > 0) await controller.until(hasRun, 60_000);
  for (let change = 0; change < changes; change += 1) {
    await owner.change();
    await after(owner.random() * 40);
  }
  await after(owner.random() * 300);
  const isBegun = hasRun(controller);
  controller.process.kill('SIGKILL');
  await controller.ended;
  return isBegun;
}
