import type { JsonObject } from '../kernel/index.js';

const seconds = { type: 'number', exclusiveMinimum: 0, maximum: 31_536_000 };

/** The part of the configuration's schema that says what is served to those who look on. */
export const SERVER_SCHEMA: JsonObject = {
  type: 'object',
  description:
    'Where `koreo run` answers probes and metrics by HTTP: `/livez`, `/readyz` and `/metrics`. Left out: nowhere.',
  required: ['port'],
  additionalProperties: false,
  properties: {
    address: {
      type: 'string',
      minLength: 1,
      description: 'The address to listen at; `0.0.0.0` or `::` for all of this machine.',
      default: '127.0.0.1',
    },
    port: { type: 'integer', minimum: 0, maximum: 65_535, description: 'The port; 0 for any that is free.' },
    stalledAfterSeconds: {
      ...seconds,
      description:
        'The process counts as stuck when triggers are in line and no run has begun or ended for this time, nor for the longest time that a Workflow may take.',
      default: 300,
    },
    degradedAfterSeconds: {
      ...seconds,
      description: 'How long a store may be without what it waits for before the process counts as not ready.',
      default: 30,
    },
  },
};

/** The part of the configuration's schema that says what is logged. */
export const LOGGING_SCHEMA: JsonObject = {
  type: 'object',
  description: 'What `koreo run` prints.',
  default: {},
  additionalProperties: false,
  properties: {
    level: {
      enum: ['debug', 'info', 'warn', 'error'],
      description: 'What is less than this is left out. Runs that found everything as it should be are `debug`.',
      default: 'info',
    },
    format: {
      enum: ['text', 'json'],
      description: 'Lines for people, or JSON objects for programs. The option `-o` comes before it.',
      default: 'text',
    },
  },
};
