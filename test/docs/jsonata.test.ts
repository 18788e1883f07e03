import test from 'ava';
import { jsonataEngine } from 'koreo-kernel/plugins/jsonata';
import { checkExamples, pageText } from '../support/page-examples.js';
import { tempFolder } from '../support/temp-folder.js';
import { follow } from '../support/transcript.js';

const page = pageText('jsonata.md');

checkExamples({ page, engine: jsonataEngine(), example: /^(.*?)\s+\/\* (.*) \*\/$/, moreThan: 40 });

test.serial('what the page shows is what koreo prints', async (t) => {
  await follow(t, page, tempFolder(t));
});
