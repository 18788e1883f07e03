import { definePlugin, FunctionError } from 'koreo-kernel/plugin';
import { dnsLabel } from './dns-label.js';

/** What the configuration may say under `options`. */
export interface Options {
  /** The longest name that `dns_label` makes. */
  readonly maxLength: number;
}

/** Brings the function `dns_label`. */
export default definePlugin<Options>({
  name: 'starter-function',
  apiVersion: 'v1',
  // The kernel checks the options against it, fills in the defaults, and tells mistakes at their lines.
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      maxLength: { type: 'integer', minimum: 16, maximum: 63, default: 63, description: 'The longest name.' },
    },
  },
  register(registry, { options }) {
    registry.function({
      name: 'dns_label',
      parameters: [{ name: 'text', type: 'string' }],
      summary: 'The text as a label of a DNS name: lower-case letters, digits and dashes, shortened with a hash.',
      // The argument is a string: engines check it against the parameter's type, and TypeScript knows it from there.
      call: ([text], budget) => {
        budget.spend(text.length);
        const label = dnsLabel(text, options.maxLength);
        // A message never holds the value: it may be a secret, and messages go to logs.
        if (label === undefined)
          throw new FunctionError('dns_label: `text` has no letter and no digit that a name can hold');
        return label;
      },
    });
  },
});
