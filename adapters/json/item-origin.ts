import type { Origin, Path } from '../../kernel/index.js';
import type { Collection } from './collection.js';
import type { DocumentContent } from './document-content.js';

/** Where a resource comes from: the file, and the place of each of its fields in it. */
export function originOf(content: DocumentContent, collection: Collection, itemPath: Path): Origin {
  const { file } = content;
  return {
    ...(file !== undefined && { file }),
    locate: (path) => content.locate([...itemPath, ...pathInItem(collection, path)]),
  };
}

/** The way in an item to what a resource shows at the path. */
function pathInItem({ fields, inline, name, namespace }: Collection, path: Path): Path {
  const [first, second, ...rest] = path;
  switch (first) {
    case 'apiVersion':
    case 'kind':
      return [];
    case 'metadata':
      return (second === 'name' ? name : second === 'namespace' ? namespace : undefined) ?? [];
    case 'status':
      return inline === undefined ? [] : [inline, ...path.slice(1)];
    default:
      if (fields === 'top') return path;
      return first === 'spec' && second !== undefined ? [second, ...rest] : [];
  }
}
