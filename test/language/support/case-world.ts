import {
  AlreadyExistsError,
  asResource,
  ConflictError,
  DEFAULT_RUN_LIMITS,
  type DefinitionLookup,
  ForbiddenError,
  InvalidResourceError,
  isObject,
  type JsonObject,
  mergePatch,
  type PreparedWorkflow,
  type Resource,
  runTriggeredWorkflow,
  StoreHandler,
  type TriggerRun,
  UnavailableError,
  UnknownKindError,
} from 'koreo-kernel';
import { MemoryStore, type StoreCall, VirtualClock } from 'koreo-kernel/testing';
import type { CallPattern, WorkflowCase } from './workflow-case.js';

const TRIGGER = {
  apiVersion: 'tests.example.com/v1',
  kind: 'Order',
  metadata: { name: 'trigger', namespace: 'tests', uid: 'trigger-uid' },
  spec: {},
};

const OWNER = {
  apiVersion: TRIGGER.apiVersion,
  kind: TRIGGER.kind,
  name: TRIGGER.metadata.name,
  uid: TRIGGER.metadata.uid,
  blockOwnerDeletion: true,
  controller: false,
};

const ERRORS: Readonly<Record<string, new (message: string) => Error>> = {
  alreadyExists: AlreadyExistsError,
  conflict: ConflictError,
  forbidden: ForbiddenError,
  invalid: InvalidResourceError,
  unavailable: UnavailableError,
  unknownKind: UnknownKindError,
};

/** What a run came to, and how long it took on the clock. */
export interface CaseRun {
  readonly run: TriggerRun;
  readonly seconds: number;
  readonly changes: number;
  readonly writes: number;
}

/** The stores, the clock and the trigger that a case runs with. */
export class CaseWorld {
  readonly store: MemoryStore;
  readonly other = new MemoryStore({ name: 'other' });
  readonly clock = new VirtualClock();
  readonly #case: WorkflowCase;
  readonly #trigger: Resource;
  #atOnce = 0;
  #mostAtOnce = 0;

  constructor(one: WorkflowCase) {
    this.#case = one;
    this.#trigger = asResource(mergePatch(TRIGGER, one.trigger ?? {}) as JsonObject);
    const resources = (one.resources ?? []).map((resource) => (one.owned ? owned(resource) : resource));
    this.store = new MemoryStore({ resources, ...(one.kinds === undefined ? {} : { kinds: one.kinds }) });
    this.#holdUp();
  }

  /** The most calls of the `atOnce` pattern that were ever under way together. */
  get mostAtOnce(): number {
    return this.#mostAtOnce;
  }

  async run(workflow: PreparedWorkflow, definitions: DefinitionLookup): Promise<CaseRun> {
    const { changes, writes } = this.store;
    const started = this.clock.now();
    const stores: Readonly<Record<string, MemoryStore>> = { memory: this.store, other: this.other };
    const storeFor = (_gvk: unknown, { store = 'memory' }: { readonly store?: string }) => stores[store] ?? this.store;
    const running = runTriggeredWorkflow(
      workflow,
      { resource: this.#trigger, store: 'memory' },
      {
        definitions,
        handlers: [new StoreHandler({ storeFor })],
        clock: this.clock,
        limits: { ...DEFAULT_RUN_LIMITS, ...this.#case.limits },
        signal: new AbortController().signal,
        dryRun: false,
      },
    );
    const run = await this.#inVirtualTime(running);
    const seconds = (this.clock.now() - started) / 1000;
    return { run, seconds, changes: this.store.changes - changes, writes: this.store.writes - writes };
  }

  /** Lets time pass only when nothing but a timer can bring the run further. */
  async #inVirtualTime(running: Promise<TriggerRun>): Promise<TriggerRun> {
    let ended = false;
    const end = running.finally(() => {
      ended = true;
    });
    end.catch(() => undefined);
    for (;;) {
      for (let turn = 0; turn < 20 && !ended; turn += 1) await this.clock.settle();
      if (ended) return end;
      const { nextTimerIn } = this.clock;
      if (nextTimerIn === undefined) throw new Error('the run waits for something that never comes');
      await this.clock.advance(nextTimerIn);
    }
  }

  #holdUp(): void {
    const { meet, atOnce, hang, fail } = this.#case;
    if (fail !== undefined) this.#fail(fail);
    if (hang !== undefined) this.store.intercept((call) => (matches(call, hang) ? untilAborted(call) : undefined));
    if (meet !== undefined) this.#meet(meet);
    if (atOnce !== undefined) this.#count(atOnce);
  }

  #fail({ error, message, ...pattern }: CallPattern & { readonly error: string; readonly message: string }): void {
    const ErrorClass = ERRORS[error];
    if (ErrorClass === undefined) throw new Error(`there is no error '${error}'`);
    this.store.intercept((call) => {
      if (matches(call, pattern)) throw new ErrorClass(message);
    });
  }

  #meet({ count, ...pattern }: CallPattern & { readonly count: number }): void {
    let waiting: (() => void)[] = [];
    this.store.intercept((call) => {
      if (!matches(call, pattern)) return undefined;
      return new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length < count) return;
        for (const go of waiting) go();
        waiting = [];
      });
    });
  }

  #count(pattern: CallPattern): void {
    this.store.intercept(async (call) => {
      if (!matches(call, pattern)) return;
      this.#atOnce += 1;
      this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#atOnce);
      await this.clock.settle();
      this.#atOnce -= 1;
    });
  }
}

function matches(call: StoreCall, { verb, kind }: CallPattern): boolean {
  return call.verb === verb && call.ref.kind === kind;
}

function untilAborted({ options }: StoreCall): Promise<void> {
  return new Promise((_resolve, reject) => {
    options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
  });
}

function owned(resource: Resource): Resource {
  const metadata = isObject(resource.metadata) ? resource.metadata : {};
  return { ...resource, metadata: { ...resource.metadata, ...metadata, ownerReferences: [OWNER] } };
}
