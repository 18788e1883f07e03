import { join } from 'node:path';
import { type Document, isMap, isSeq, parseAllDocuments, visit } from 'yaml';
import { CHART, crdFiles } from './chart-files.js';

/** The namespace of a controller that was installed without Helm. */
const NAMESPACE_NAME = 'koreo';

/** What Helm is to be called with for {@link plainManifests}. */
export const RENDER: readonly string[] = [
  ...['template', 'koreo', CHART],
  ...['--namespace', NAMESPACE_NAME],
  ...['--set', 'crds.install=false'],
];

/** Where the manifests for people without Helm are. */
const FOLDER = 'config/manifests';

const NAMESPACE = `# Made by \`npm run manifests\`. Everything in this folder is applied in the order of its files: kubectl apply -f ${FOLDER}
apiVersion: v1
kind: Namespace
metadata:
  name: ${NAMESPACE_NAME}
  labels:
    pod-security.kubernetes.io/enforce: restricted
`;

const FROM_CHART = `# Made by \`npm run manifests\` from the chart in config/helm with its default values; edit those, not this file.
`;

/**
 * What `kubectl apply -f config/manifests` takes, by path: the namespace, the CustomResourceDefinitions, and all that the chart
 * renders with its default values but for what only Helm has a use for. `rendered`: what Helm printed when called with {@link RENDER}.
 */
export function plainManifests(rendered: string): ReadonlyMap<string, string> {
  const crds = crdFiles().map(({ text }) => text);
  return new Map([
    [join(FOLDER, '00-namespace.yaml'), NAMESPACE],
    [join(FOLDER, '10-crds.yaml'), crds.join('---\n')],
    [join(FOLDER, '20-controller.yaml'), `${FROM_CHART}${withoutHelm(rendered)}`],
  ]);
}

function withoutHelm(rendered: string): string {
  const documents = parseAllDocuments(rendered);
  if (!Array.isArray(documents)) return '';
  return documents
    .map(printed)
    .filter((text) => text.trim() !== '')
    .join('---\n');
}

function printed(document: Document.Parsed): string {
  document.commentBefore = withoutSource(document.commentBefore);
  visit(document, {
    Pair(_key, { key, value }) {
      const name = String(key);
      if (name === 'app.kubernetes.io/managed-by' || name.startsWith('helm.sh/')) return visit.REMOVE;
      if (isMap(value) || isSeq(value)) value.commentBefore = withoutSource(value.commentBefore);
      return undefined;
    },
  });
  if (document.contents !== null) document.contents.commentBefore = withoutSource(document.contents.commentBefore);
  return document.toString({ lineWidth: 0, directives: false, flowCollectionPadding: false });
}

/** Helm says above each document which template it is from. */
function withoutSource(comment: string | null | undefined): string | null {
  const lines = (comment ?? '').split('\n').filter((line) => !line.startsWith(' Source: '));
  return lines.join('').trim() === '' ? null : lines.join('\n');
}
