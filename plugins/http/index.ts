import { definePlugin, type OptionsSchema, PluginOptionsError } from '../../kernel/plugin.js';
import { createHttpHandler } from './create-http-handler.js';
import { checkHttpOptions } from './options/check-options.js';
import type { HttpOptions } from './options/options.js';
import { HTTP_OPTIONS_SCHEMA } from './options/options-schema.js';

export { createHttpHandler, type HttpHandlerContext } from './create-http-handler.js';
export type { HttpHandler } from './http-handler.js';
export { checkHttpOptions, type OptionFault } from './options/check-options.js';
export type * from './options/options.js';

/** Brings a resource handler for each REST API that its options describe. */
const plugin = definePlugin<HttpOptions>({
  name: 'http',
  apiVersion: 'v1',
  optionsSchema: HTTP_OPTIONS_SCHEMA as OptionsSchema<HttpOptions>,
  register: (registry, { options, baseDirectory, clock, environment, incident }) => {
    const faults = checkHttpOptions(options);
    if (faults.length > 0) throw new PluginOptionsError(faults);
    for (const api of options.apis) {
      const handler = createHttpHandler(api, { baseDirectory, clock, environment, incident });
      registry.resourceHandler(handler);
      registry.lifecycle({ stop: () => handler.close() });
    }
  },
});

export default plugin;
