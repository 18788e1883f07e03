import type { JsonObject } from '../../kernel/index.js';

/** What a file-system store can be told; see {@link FILE_SYSTEM_OPTIONS} for what each means. */
export interface FileSystemOptions {
  readonly root: string;
  readonly pattern: string;
  readonly status: 'side' | 'inline';
  readonly defaultNamespace?: string;
  readonly readOnly: boolean;
  readonly clusterScoped: readonly string[];
  readonly ignore: readonly string[];
  readonly settleMs: number;
  readonly rescanSeconds: number;
}

const DEFAULTS = {
  root: '.',
  pattern: '{namespace}/{kind}/{name}.yaml',
  status: 'side',
  readOnly: false,
  clusterScoped: [
    'APIService',
    'ClusterRole',
    'ClusterRoleBinding',
    'CustomResourceDefinition',
    'IngressClass',
    'MutatingWebhookConfiguration',
    'Namespace',
    'Node',
    'PersistentVolume',
    'PriorityClass',
    'RuntimeClass',
    'StorageClass',
    'ValidatingAdmissionPolicy',
    'ValidatingWebhookConfiguration',
    'VolumeAttachment',
  ],
  ignore: [],
  settleMs: 100,
  rescanSeconds: 60,
} as const satisfies FileSystemOptions;

/** What follows the last dot of a file's name when it holds manifests; the double ones end in one of these. */
export const EXTENSIONS = ['yaml', 'yml', 'json', 'koreo', 'k'] as const;

const PLACEHOLDERS = 'namespace|kind|name|group|version';

/** The options of a store of type `file-system`. */
export const FILE_SYSTEM_OPTIONS: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  description: 'A folder of manifests, in YAML or JSON.',
  type: 'object',
  additionalProperties: false,
  properties: {
    root: {
      type: 'string',
      minLength: 1,
      default: DEFAULTS.root,
      description:
        'The folder. Nothing outside of it is read or written. It need not be there: the first write makes it.',
    },
    pattern: {
      type: 'string',
      // Segments that begin with a dot would never be read again.
      pattern: `^(?!/)(?!(?:.*/)?\\.)(?:[^{}\\\\]|\\{(?:${PLACEHOLDERS})\\})+\\.(?:${EXTENSIONS.join('|')})$`,
      default: DEFAULTS.pattern,
      description:
        'Where a new resource goes, relative to the root: `{namespace}`, `{kind}`, `{name}`, `{group}` and `{version}` are filled in, and a folder whose name would be empty is left out. A pattern that gives several resources one path puts them into one YAML file. Resources that are there stay where they are.',
    },
    status: {
      enum: ['side', 'inline'],
      default: DEFAULTS.status,
      description:
        "Where the kernel keeps its view of a trigger (status, and annotations of its own): `side` in small files below `.koreo/status`, so that the author's file is never touched; `inline` in the manifest itself.",
    },
    defaultNamespace: {
      type: 'string',
      minLength: 1,
      description: 'The namespace of resources that say none, but for those of a cluster-scoped kind.',
    },
    readOnly: {
      type: 'boolean',
      default: DEFAULTS.readOnly,
      description: 'Refuses every write, status too.',
    },
    clusterScoped: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: DEFAULTS.clusterScoped,
      description:
        'Kinds that have no namespace, as `Kind` or `Kind.group`. Others have one, unless every resource of the kind that is there says none and there is no `defaultNamespace`.',
    },
    ignore: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: DEFAULTS.ignore,
      description:
        'Globs of files and folders that are left alone, relative to the root: `**/*.test.yaml`, `charts`. Names that begin with a dot and folders called `node_modules` always are.',
    },
    settleMs: {
      type: 'integer',
      minimum: 0,
      maximum: 60_000,
      default: DEFAULTS.settleMs,
      description:
        'Milliseconds that a file which does not parse, is empty or is gone is given to be whole again before that is told: editors save in several steps.',
    },
    rescanSeconds: {
      type: 'integer',
      minimum: 0,
      default: DEFAULTS.rescanSeconds,
      description:
        'Seconds between two looks at the whole folder while it is watched, for file systems that lose notices; 0 for none.',
    },
  },
};

/** Options that the schema has accepted, with the defaults filled in. */
export function completeOptions(options: JsonObject): FileSystemOptions {
  return { ...DEFAULTS, ...(options as Partial<FileSystemOptions>) };
}
