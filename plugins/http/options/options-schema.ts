import type { JsonObject } from '../../../kernel/plugin.js';
import { DEFAULTS } from './options.js';

const text: JsonObject = { type: 'string', minLength: 1 };
const seconds: JsonObject = { type: 'number', exclusiveMinimum: 0, maximum: 86_400 };
const POINTER = '^(/([^/~]|~[01])*)*$';
const PROPERTY = '^([^/]+|(/([^/~]|~[01])*)+)$';
const pointer: JsonObject = { type: 'string', pattern: POINTER };
const property: JsonObject = { type: 'string', pattern: PROPERTY };
const properties: JsonObject = { type: 'object', minProperties: 1, additionalProperties: property };
/** The whole item, a part, or single properties. */
const mapping: JsonObject = { anyOf: [{ type: 'string', pattern: `${POINTER}|${PROPERTY}` }, properties] };

const sourceKeys: JsonObject = {
  fromEnv: { ...text, pattern: '^[A-Za-z_][A-Za-z0-9_]*$', description: 'The environment variable that holds it.' },
  fromFile: { ...text, description: 'The file that holds it. It is read again for each request.' },
};

const secret: JsonObject = {
  type: 'object',
  description: 'Where a secret is: `{fromEnv: NAME}` or `{fromFile: path}`.',
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  properties: sourceKeys,
};

const headers: JsonObject = {
  type: 'object',
  description: 'Headers by their names: a text, or a secret, with an optional `prefix`.',
  propertyNames: { pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" },
  additionalProperties: {
    anyOf: [
      { type: 'string' },
      {
        type: 'object',
        additionalProperties: false,
        properties: { ...sourceKeys, prefix: { type: 'string' } },
        oneOf: [{ required: ['fromEnv'] }, { required: ['fromFile'] }],
      },
    ],
  },
};

const variables: JsonObject = {
  type: 'object',
  propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  additionalProperties: { type: 'string' },
};

const request: JsonObject = {
  method: { type: 'string', pattern: '^[A-Z]+$', description: 'Left out: the usual one, GET, POST, PATCH or DELETE.' },
  url: { ...text, description: 'Below the base URL; RFC 6570 with `{name}`, `{namespace}` and further variables.' },
  headers,
  body: { description: 'JSON that is laid over the body; variables in braces are filled in in its texts.' },
};

function requestSchema(description: string, more: JsonObject = {}): JsonObject {
  return {
    type: 'object',
    description,
    required: ['url'],
    additionalProperties: false,
    properties: { ...request, ...more },
  };
}

const written: JsonObject = {
  spec: { ...mapping, description: 'Where fields of the spec go in the body, if elsewhere than they are in the item.' },
  at: {
    anyOf: [pointer, { type: 'null' }],
    description: 'Where the item lies in the answer. `null`: it is not in there, and is read again.',
  },
};

const pages: JsonObject = {
  type: 'object',
  description: 'How the next page is found. Left out: there is one page.',
  required: ['type'],
  additionalProperties: false,
  properties: {
    type: {
      enum: ['link', 'url', 'cursor'],
      description:
        'By the header `Link`, by a property that is its URL, or by one that is to be sent as a parameter of the query.',
    },
    at: { ...property, description: 'That property of the answer, for `url` and `cursor`.' },
    query: { ...text, description: 'That parameter, for `cursor`.' },
  },
};

const kind: JsonObject = {
  type: 'object',
  required: ['apiVersion', 'kind'],
  additionalProperties: false,
  anyOf: [{ required: ['read'] }, { required: ['list'] }],
  properties: {
    apiVersion: { ...text, description: 'The `apiVersion` that its items have as resources.' },
    kind: { ...text, description: 'The `kind` that its items have as resources.' },
    plural: { ...text, description: 'The plural, in lower case. Guessed from the kind when it is left out.' },
    pollSeconds: { ...seconds, description: "How often it is looked for changes. Left out: the API's." },
    item: {
      type: 'object',
      description: 'How an item of the API is a resource.',
      default: {},
      additionalProperties: false,
      properties: {
        name: {
          anyOf: [property, { ...properties, propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' } }],
          description: 'The property that is its name; or several, which make up `one/two`, each a variable.',
        },
        namespace: { ...property, description: 'The property that is its namespace.' },
        uid: { ...property, description: 'The property that stays the same for the life of the item.' },
        revision: {
          description: 'What tells two states apart. `content`: what is mapped of the item.',
          default: 'content',
          anyOf: [
            { enum: ['etag', 'content'] },
            {
              type: 'object',
              required: ['property'],
              additionalProperties: false,
              properties: { property: { ...property, description: 'The property that is another with each change.' } },
            },
          ],
        },
        spec: { ...mapping, description: 'The property that is the spec, or properties by fields of it. `""`: all.' },
        status: { ...mapping, description: 'The property that is the status, or properties by fields of it.' },
        variables: { ...properties, description: 'Variables for updates and deletions, from the item as it is.' },
      },
    },
    read: requestSchema('How one item is read.', {
      at: { ...pointer, description: 'Where the item lies in the answer.' },
      in: { ...pointer, description: 'Where a list lies in the answer, in which the item is looked for by its name.' },
    }),
    list: requestSchema(
      'How all are listed, to see what others change, and to find items that cannot be read by name.',
      {
        in: { ...pointer, description: 'Where the list lies in the answer.' },
        pages,
        brief: { type: 'boolean', description: 'Whether its items say less than those that are read one by one.' },
      },
    ),
    create: requestSchema('How an item is made.', written),
    update: requestSchema('How an item is changed.', {
      ...written,
      sends: {
        enum: ['changes', 'fields', 'spec', 'item'],
        description:
          'What is sent: a JSON merge patch, each changed field as a whole, the whole spec, or the whole item with the spec in it. ' +
          'Left out: `changes` with PATCH, else `spec`.',
      },
    }),
    delete: requestSchema('How an item is deleted.'),
  },
};

const api: JsonObject = {
  type: 'object',
  required: ['name', 'baseUrl', 'kinds'],
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$',
      description: 'By which `apiConfig.store` and messages speak of it.',
    },
    baseUrl: { ...text, pattern: '^https?://', description: 'Where it is; URLs of requests come behind its path.' },
    hosts: {
      type: 'array',
      description:
        'Hosts that links and redirects may lead to beside that of the base URL: `files.example.com`, `*.example.com`, `files.example.com:8443`.',
      uniqueItems: true,
      items: { ...text, pattern: '^(\\*\\.)?[A-Za-z0-9._-]+(:[0-9]+)?$' },
    },
    addresses: {
      type: 'array',
      description: 'Addresses that may be connected to though they are not public. Link-local ones never may.',
      uniqueItems: true,
      items: { enum: ['private', 'loopback'] },
    },
    auth: {
      description: 'Who we are to it: `bearer`, or `basic`.',
      oneOf: [
        {
          type: 'object',
          required: ['bearer'],
          additionalProperties: false,
          properties: { bearer: { ...secret, description: 'A token: `{fromEnv: NAME}` or `{fromFile: path}`.' } },
        },
        {
          type: 'object',
          required: ['basic'],
          additionalProperties: false,
          properties: {
            basic: {
              type: 'object',
              description: 'A user and a password.',
              required: ['user', 'password'],
              additionalProperties: false,
              properties: {
                user: { anyOf: [text, secret], description: 'A text, or the place of a secret.' },
                password: secret,
              },
            },
          },
        },
      ],
    },
    headers,
    tls: {
      type: 'object',
      description: 'Certificates; files are relative to the configuration.',
      additionalProperties: false,
      dependentRequired: { certFile: ['keyFile'], keyFile: ['certFile'] },
      properties: {
        caFile: {
          ...text,
          description: 'The authorities that its certificate may be from, in place of the usual ones.',
        },
        certFile: { ...text, description: 'Our certificate.' },
        keyFile: { ...text, description: 'The key of our certificate.' },
        serverName: { ...text, description: 'The name that its certificate is to be for, if not the host of its URL.' },
      },
    },
    timeoutSeconds: { ...seconds, default: DEFAULTS.timeoutSeconds, description: 'How long a request may take.' },
    retrySeconds: {
      ...seconds,
      description:
        'Until it is tried again when the API was not to be had and did not say when it would be. Left out: as usual, 30.',
    },
    maxResponseBytes: {
      type: 'integer',
      minimum: 1,
      maximum: 1024 * 1024 * 1024,
      default: DEFAULTS.maxResponseBytes,
      description: 'The largest answer that is read.',
    },
    connections: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: DEFAULTS.connections,
      description: 'How many requests may be under way to one host.',
    },
    pollSeconds: { ...seconds, default: DEFAULTS.pollSeconds, description: 'How often it is looked for changes.' },
    maxPollSeconds: {
      ...seconds,
      default: DEFAULTS.maxPollSeconds,
      description: 'The longest wait between two looks while they fail.',
    },
    errorMessage: {
      ...property,
      description:
        'The property of a refusal that says why, to be shown to people. Left out: only the status is shown.',
    },
    variables: { ...variables, description: 'Constants for templates.' },
    kinds: { type: 'array', minItems: 1, items: kind, description: 'The kinds that it holds.' },
  },
};

/** The JSON Schema (2020-12) of the plug-in's options; `checkHttpOptions` looks at what a schema cannot say. */
export const HTTP_OPTIONS_SCHEMA: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  description: 'Items of REST APIs as resources.',
  type: 'object',
  required: ['apis'],
  additionalProperties: false,
  properties: {
    apis: { type: 'array', minItems: 1, items: api, description: 'Each REST API, with the kinds that it holds.' },
  },
};
