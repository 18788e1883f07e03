import { DEFAULT_KERNEL_LIMITS, DEFAULT_LOOP_OPTIONS, type JsonObject, type KernelLimits } from '../kernel/index.js';
import { LEADER_ELECTION_SCHEMA } from './leader-election-schema.js';
import { LOGGING_SCHEMA, SERVER_SCHEMA } from './operation-schema.js';

/** The file that is looked for in the current folder when no configuration is named. */
export const CONFIG_FILE = 'koreo.config.yaml';

const name = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$' };
const seconds = { type: 'number', exclusiveMinimum: 0, maximum: 31_536_000 };
const share = { type: 'number', minimum: 0, maximum: 1 };
const count = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };

const limitDescriptions: Readonly<Record<keyof KernelLimits, string>> = {
  documentBytes: 'Size of one document, in bytes.',
  documentDepth: 'How deep mappings and lists may nest in a document.',
  documentAliases: 'How many YAML aliases a document may expand to.',
  expressionCharacters: "Length of an expression's source, in characters.",
  expressionNesting: 'How deep an expression may nest.',
  evaluationSteps: 'Steps of one evaluation. Elements that macros and functions visit count.',
  runSteps: 'Evaluation steps of one whole run of a Workflow.',
  stringBytes: 'Size of a string that an expression makes, in bytes.',
  listItems: 'Number of items in a list that an expression makes.',
  forEachItems: 'Number of items of a `forEach`.',
  forEachConcurrency: 'How many items of one `forEach` run at the same time.',
  compiledExpressions:
    'How many compiled expressions are kept so that equal ones share one. Those used longest ago make room.',
  rememberedValues:
    'How many values the report of a run may have to be kept with its trigger, so that a run that would only repeat it ' +
    'need not be evaluated. With 0 every run is evaluated.',
};

const limits: JsonObject = {
  type: 'object',
  description:
    'Bounds on what is read, computed and run at once. What goes beyond one is refused, and the message names the limit.',
  default: {},
  additionalProperties: false,
  properties: Object.fromEntries(
    Object.entries(limitDescriptions).map(([key, description]) => [
      key,
      {
        ...count,
        ...(key === 'rememberedValues' && { minimum: 0 }),
        description,
        default: DEFAULT_KERNEL_LIMITS[key as keyof KernelLimits],
      },
    ]),
  ),
};

const loopDefaults = DEFAULT_LOOP_OPTIONS;

const loop: JsonObject = {
  type: 'object',
  description: 'The rhythm of the control loop.',
  default: {},
  additionalProperties: false,
  properties: {
    periodSeconds: {
      ...seconds,
      description: 'A trigger that nothing else calls for runs again after this time.',
      default: loopDefaults.periodSeconds,
    },
    periodJitter: {
      ...share,
      description: 'The share of the period by which it varies at random, so that triggers do not run in step.',
      default: loopDefaults.periodJitter,
    },
    concurrency: {
      ...count,
      maximum: 10_000,
      description: 'How many triggers run at the same time.',
      default: loopDefaults.concurrency,
    },
    workflowConcurrency: {
      ...count,
      maximum: 10_000,
      description:
        'How many triggers of one Workflow run at the same time. Left out: as many as `concurrency` allows. Workflows take turns either way.',
    },
    stepTimeoutSeconds: {
      ...seconds,
      description:
        'How long a step may take, unless its `timeoutSeconds` says otherwise. Over it, the step is a Retry.',
      default: loopDefaults.stepTimeoutSeconds,
    },
    stopGraceSeconds: {
      ...seconds,
      description: 'How long runs may go on after a stop is asked for, before they are aborted.',
      default: loopDefaults.stopGraceSeconds,
    },
    pluginTimeoutSeconds: {
      ...seconds,
      description:
        'How long a plug-in may take to start, and to stop. Over it nobody waits: one that has not started is out.',
      default: loopDefaults.pluginTimeoutSeconds,
    },
    backoff: {
      type: 'object',
      description:
        'The delay after an unexpected error. It doubles with each in a row, and begins anew after a run without one.',
      default: {},
      additionalProperties: false,
      properties: {
        initialSeconds: { ...seconds, description: 'The first delay.', default: loopDefaults.backoff.initialSeconds },
        maximumSeconds: { ...seconds, description: 'The longest delay.', default: loopDefaults.backoff.maximumSeconds },
      },
    },
    slowdown: {
      type: 'object',
      description:
        'When changes run a trigger too often, and how far apart such runs are kept then. Its condition `Slowed` says so.',
      default: {},
      additionalProperties: false,
      properties: {
        runs: {
          ...count,
          maximum: 1_000_000,
          description:
            'So many runs within the window are no trouble: for changes of what it manages, and for those of itself.',
          default: loopDefaults.slowdown.runs,
        },
        windowSeconds: { ...seconds, description: 'The window.', default: loopDefaults.slowdown.windowSeconds },
        initialSeconds: {
          ...seconds,
          description: 'The first space between two runs. It doubles as long as changes come as fast.',
          default: loopDefaults.slowdown.initialSeconds,
        },
        maximumSeconds: {
          ...seconds,
          description: 'The longest space.',
          default: loopDefaults.slowdown.maximumSeconds,
        },
      },
    },
    contested: {
      type: 'object',
      description:
        'When a field that somebody else keeps changing counts as contested, and how far apart it is put back then. ' +
        "The trigger's condition `Contested` says so.",
      default: {},
      additionalProperties: false,
      properties: {
        times: {
          ...count,
          maximum: 1000,
          description: 'So often within the window the same field is put back.',
          default: loopDefaults.contested.times,
        },
        windowSeconds: {
          ...seconds,
          description: 'The window. It is over when the field has been left alone for as long.',
          default: loopDefaults.contested.windowSeconds,
        },
        initialSeconds: {
          ...seconds,
          description: 'The first space. It doubles with each time that the field is put back.',
          default: loopDefaults.contested.initialSeconds,
        },
        maximumSeconds: {
          ...seconds,
          description: 'The longest space.',
          default: loopDefaults.contested.maximumSeconds,
        },
      },
    },
  },
};

const stores: JsonObject = {
  type: 'array',
  description:
    'The places that hold resources. Definitions, triggers and managed resources may lie in one or in several.',
  minItems: 1,
  default: [{ name: 'files', type: 'file-system', root: '.' }],
  items: {
    type: 'object',
    required: ['name', 'type'],
    properties: {
      name: { ...name, description: 'The name by which routing, definitions and `apiConfig.store` speak of it.' },
      type: {
        type: 'string',
        minLength: 1,
        description: "The type of store; the options beside it are the type's own.",
      },
    },
  },
};

const routing: JsonObject = {
  type: 'array',
  description: 'Which store holds which kinds. The first rule that matches wins; `*` stands for any text.',
  default: [],
  items: {
    type: 'object',
    required: ['store'],
    additionalProperties: false,
    properties: {
      apiVersion: { type: 'string', minLength: 1, description: 'The `apiVersion` to match.', default: '*' },
      kind: { type: 'string', minLength: 1, description: 'The `kind` to match.', default: '*' },
      store: { type: 'string', description: 'The name of the store.' },
    },
  },
};

const unwatched: JsonObject = {
  type: 'array',
  description:
    'Managed kinds that are not watched; `*` stands for any text. Others are watched in every namespace of their store while something ' +
    'of them is managed, so that drift is put right at once. These are read by each run, and their drift is found by the next one.',
  default: [],
  items: {
    type: 'object',
    minProperties: 1,
    additionalProperties: false,
    properties: {
      apiVersion: { type: 'string', minLength: 1, description: 'The `apiVersion` to match.' },
      kind: { type: 'string', minLength: 1, description: 'The `kind` to match.' },
    },
  },
};

const definitions: JsonObject = {
  type: 'array',
  description:
    'Where definitions come from, in order of priority: of two with the same kind and name the one that comes first counts. ' +
    'With a single store it may be left out: definitions come from there.',
  minItems: 1,
  items: {
    type: 'object',
    required: ['store'],
    additionalProperties: false,
    properties: {
      store: { type: 'string', description: 'The name of the store.' },
      namespaces: {
        type: 'array',
        description: 'The namespaces that count, in order of priority. Left out: all of them.',
        minItems: 1,
        uniqueItems: true,
        items: { type: 'string' },
      },
    },
  },
};

const plugins: JsonObject = {
  type: 'array',
  description:
    'Plug-ins: the name of a built-in one, a path relative to this file (`./plugins/acme.js`), or the name of an installed package. ' +
    'One that takes options is a mapping.',
  uniqueItems: true,
  default: [],
  items: {
    type: ['string', 'object'],
    minLength: 1,
    required: ['plugin'],
    additionalProperties: false,
    properties: {
      plugin: { type: 'string', minLength: 1, description: 'Its name, path or package.' },
      options: {
        type: 'object',
        description:
          "The plug-in's own options, which its schema checks. A secret is named here, and never written out.",
        default: {},
      },
    },
  },
};

/** The JSON Schema (2020-12) of a configuration. Checks, defaults and docs/configuration.md are all made from it. */
export const CONFIG_SCHEMA: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:koreo-kernel:configuration',
  title: CONFIG_FILE,
  type: 'object',
  additionalProperties: false,
  properties: {
    language: {
      type: 'string',
      minLength: 1,
      description:
        'The language of expressions, where a definition does not choose one itself. Where the options of a store say ' +
        `\`$\{language}\`, this is filled in: a folder for each language, and one line that chooses.`,
      default: 'cel',
    },
    stores,
    routing,
    unwatched,
    defaultStore: {
      type: 'string',
      description: 'The store of every kind that no routing rule matches. With a single store it may be left out.',
    },
    triggerStore: {
      type: 'string',
      description:
        'The store of triggers whose kind no routing rule matches: triggers in one cluster, and what is made of them in another. ' +
        'Left out: `defaultStore`.',
    },
    definitions,
    plugins,
    limits,
    loop,
    server: SERVER_SCHEMA,
    logging: LOGGING_SCHEMA,
    leaderElection: LEADER_ELECTION_SCHEMA,
  },
};
