import { Observable } from 'rxjs';
import {
  asJson,
  freezeDeep,
  type Resource,
  refKey,
  refOf,
  type Selector,
  type StoreEvent,
  WatchQueue,
} from '../../../kernel/index.js';

/**
 * The present resources of one selector, one object each, and those who are told of them. Whoever comes late is told what is
 * there first. What was told already is no news, so that lists, watches, and watches that repeat themselves come to the
 * same: nothing is told twice, and nothing is modified or deleted that was not added.
 */
export class WatchedResources {
  readonly #selector: Selector;
  readonly #resources = new Map<string, Resource>();
  readonly #watches = new Set<WatchQueue>();
  #synced = false;

  constructor(selector: Selector) {
    this.#selector = selector;
  }

  /** Whether all that was there at first has been told. */
  get synced(): boolean {
    return this.#synced;
  }

  get size(): number {
    return this.#resources.size;
  }

  /** The present resources as `added`, then `synced` (now, or when that is so), then every change. */
  watch(): Observable<StoreEvent> {
    return new Observable((subscriber) => {
      const watch = new WatchQueue(this.#selector, (event) => subscriber.next(event));
      this.#watches.add(watch);
      const present = [...this.#resources.values()].map((resource): StoreEvent => ({ type: 'added', resource }));
      watch.push(this.#synced ? [...present, { type: 'synced' }] : present);
      return () => {
        watch.close();
        this.#watches.delete(watch);
      };
    });
  }

  /** Takes a resource as it is now. One that has another uid is another: the old one is gone. Gives its key. */
  put(resource: Resource): string {
    const key = refKey(refOf(resource));
    const before = this.#resources.get(key);
    if (before !== undefined && isSameRevision(before, resource)) return key;
    freezeDeep(asJson(resource));
    const isOther = before !== undefined && before.metadata.uid !== resource.metadata.uid;
    this.#resources.set(key, resource);
    if (isOther) this.#tell({ type: 'deleted', resource: before });
    this.#tell({ type: before === undefined || isOther ? 'added' : 'modified', resource });
    return key;
  }

  /** Takes note that a resource is gone; not of one that has been followed by another of its name. */
  remove(resource: Resource): void {
    const key = refKey(refOf(resource));
    const before = this.#resources.get(key);
    if (before === undefined || before.metadata.uid !== resource.metadata.uid) return;
    this.#drop(key, before);
  }

  /** Takes note that what is not among the keys is gone; of one namespace, when there is one. */
  retain(keys: ReadonlySet<string>, namespace?: string): void {
    for (const [key, resource] of [...this.#resources]) {
      const isMeant = namespace === undefined || resource.metadata.namespace === namespace;
      if (isMeant && !keys.has(key)) this.#drop(key, resource);
    }
  }

  /** Takes note that nothing is there any more. */
  clear(): void {
    this.retain(new Set());
  }

  /** Says, once, that all that was there at first has been told. */
  sync(): void {
    if (this.#synced) return;
    this.#synced = true;
    this.#tell({ type: 'synced' });
  }

  #drop(key: string, resource: Resource): void {
    this.#resources.delete(key);
    this.#tell({ type: 'deleted', resource });
  }

  #tell(event: StoreEvent): void {
    for (const watch of [...this.#watches]) watch.push([event]);
  }
}

function isSameRevision({ metadata: a }: Resource, { metadata: b }: Resource): boolean {
  return a.resourceVersion === b.resourceVersion && a.uid === b.uid;
}
