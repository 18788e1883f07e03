import { writeFileSync } from 'node:fs';
import fileSystem from '../adapters/file-system/index.js';
import json from '../adapters/json/index.js';
import kubernetes from '../adapters/kubernetes/index.js';
import { createWorkbench } from '../kernel/index.js';
import cel from '../plugins/cel/index.js';
import http from '../plugins/http/index.js';
import { configPage } from './config-page.js';

// `npm run docs`, from the project's root.
const { storeTypes } = createWorkbench({ plugins: [cel, fileSystem, json, kubernetes] });
writeFileSync('docs/configuration.md', configPage(storeTypes.values(), [http]));
