import { inject, injectable } from 'tsyringe';
import type { RunReport } from '../contracts/run-report.js';
import { type Notice, STORES, type Store } from '../contracts/store.js';
import type { DefinitionEntry, DefinitionLookup } from '../definitions/definition-lookup.js';
import { formatProblem } from '../model/problem.js';
import type { Resource } from '../model/resource.js';
import { INCIDENT_SINK, type IncidentSink } from './incident.js';
import { LIVE_DEFINITIONS, type LiveDefinitions } from './live-definitions.js';
import { type Before, noticesOf } from './run-notices.js';

/** So many problems of a definition are told; the others are counted. */
const PROBLEMS = 3;

/** Tells people, by way of the stores that can, what they should know: of triggers after their runs, and of definitions. */
@injectable()
export class Announcer {
  /** What was said of each definition that is broken now. */
  #broken: ReadonlyMap<string, string> = new Map();

  constructor(
    @inject(STORES) private readonly stores: ReadonlyMap<string, Store>,
    @inject(LIVE_DEFINITIONS) private readonly definitions: LiveDefinitions,
    @inject(INCIDENT_SINK) private readonly tell: IncidentSink,
  ) {}

  /** Tells of a run what is news of its trigger. */
  ran(report: RunReport, trigger: Resource, before: Before): void {
    const store = this.stores.get(report.store);
    if (store?.announce === undefined) return;
    for (const notice of noticesOf(report, before)) this.#announce(store, trigger, notice);
  }

  /** Tells of each definition that has become one that no Workflow can use, and of each that has been mended. */
  changed(definitions: DefinitionLookup): void {
    const broken = new Map<string, string>();
    for (const entry of definitions.entries()) {
      const key = `${entry.store} ${entry.kind} ${entry.namespace}/${entry.name}`;
      const said = this.#broken.get(key);
      if (entry.status === 'broken') {
        const message = `It cannot be used: ${problemsText(entry)}`;
        broken.set(key, message);
        if (message !== said) this.#announceOf(entry, { type: 'Warning', reason: 'Broken', message });
      } else if (said !== undefined && entry.status === 'ready') {
        this.#announceOf(entry, { type: 'Normal', reason: 'Prepared', message: 'It can be used again.' });
      } else if (said !== undefined) {
        broken.set(key, said);
      }
    }
    this.#broken = broken;
  }

  #announceOf(entry: DefinitionEntry, notice: Omit<Notice, 'action'>): void {
    const store = this.stores.get(entry.store);
    const resource = this.definitions.resourceOf(entry);
    if (store !== undefined && resource !== undefined) {
      this.#announce(store, resource, { ...notice, action: 'Prepare' });
    }
  }

  /** A store that breaks its promise not to throw harms no run. */
  #announce(store: Store, about: Resource, notice: Notice): void {
    try {
      store.announce?.(about, notice);
    } catch (error) {
      this.tell({ source: `store ${store.name}`, error });
    }
  }
}

/** Without their subject, which is what they are told of. */
function problemsText({ problems }: DefinitionEntry & { readonly status: 'broken' }): string {
  const told = problems.slice(0, PROBLEMS).map(({ code, message, location }) => {
    return formatProblem({ code, message, ...(location === undefined ? {} : { location }) });
  });
  const others = problems.length > PROBLEMS ? `; and ${problems.length - PROBLEMS} more` : '';
  return `${told.join('; ')}${others}`;
}
