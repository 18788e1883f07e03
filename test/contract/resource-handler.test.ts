import test from 'ava';
import { resourceHandlerContract as cases } from 'koreo-kernel/testing/contracts';
import { FAULTY } from './resource-handler/faulty-handlers.js';
import { ShelfHandler, shelves } from './resource-handler/shelf-handler.js';
import { resourceHandlerContract } from './resource-handler.js';

resourceHandlerContract(
  'shelves',
  shelves((store) => new ShelfHandler(store)),
);

for (const [fault, Faulty, ...titles] of FAULTY) {
  test.serial(`a handler that ${fault} is found out`, async (t) => {
    const all = cases(shelves((store) => new Faulty(store)));
    for (const title of titles) {
      const meant = all.filter((one) => title.test(one.title));
      t.true(meant.length > 0, String(title));
      const broken = await Promise.all(
        meant.map(({ run }) =>
          run().then(
            () => false,
            () => true,
          ),
        ),
      );
      t.true(broken.includes(true), `${title} finds nothing`);
    }
  });
}
