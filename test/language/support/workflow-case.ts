import type {
  Json,
  JsonObject,
  KindInfo,
  ManagedNode,
  OutcomeType,
  Resource,
  ResourceRef,
  RunLimits,
} from 'koreo-kernel';
import type { StoreCall } from 'koreo-kernel/testing';

/** The calls of a store that a case holds up, counts or lets fail. */
export interface CallPattern {
  readonly verb: StoreCall['verb'];
  readonly kind: string;
}

/** What an outcome must be: its type, and what else the case says. `message` is a part of the message. */
export interface ExpectedOutcome {
  readonly type: OutcomeType;
  readonly value?: Json;
  readonly delay?: number;
  readonly message?: string;
}

/** What a step must come to. */
export interface ExpectedStep extends ExpectedOutcome {
  readonly action?: string;
  readonly waitedFor?: readonly string[];
  /** How many items its forEach has run. */
  readonly items?: number;
  /** The types of the outcomes of its sub-Workflow's steps. */
  readonly steps?: Readonly<Record<string, OutcomeType>>;
}

/** What one run must come to; what is not said is not looked at. */
export interface Expected {
  readonly outcome?: ExpectedOutcome;
  /** All steps, when given. */
  readonly steps?: Readonly<Record<string, ExpectedStep>>;
  readonly conditions?: readonly { readonly type: string; readonly name: string; readonly outcome: OutcomeType }[];
  readonly state?: JsonObject;
  readonly stateErrors?: Readonly<Record<string, string>> | null;
  readonly managed?: Readonly<Record<string, ManagedNode>>;
  /** Resources that the store must hold, with at least these fields. */
  readonly resources?: readonly JsonObject[];
  /** Resources that the store must hold so and no otherwise, but for what stores and the kernel add to the metadata. */
  readonly exactly?: readonly JsonObject[];
  /** As `exactly`, and all that the store `other` holds. */
  readonly other?: readonly JsonObject[];
  readonly absent?: readonly ResourceRef[];
  /** How many changes the run made to the store. */
  readonly changes?: number;
  /** How many writes the run asked for. */
  readonly writes?: number;
  /** How long the run took, on the clock. */
  readonly seconds?: number;
}

/** A Workflow, what it starts from, and what its runs must come to. */
export interface WorkflowCase {
  readonly kind: 'WorkflowCase';
  readonly name: string;
  readonly steps: readonly JsonObject[];
  /** Laid over a trigger of kind Order. A null takes a field away. */
  readonly trigger?: JsonObject;
  readonly resources?: readonly Resource[];
  /** Whether the resources that are there belong to the trigger already. */
  readonly owned?: boolean;
  readonly kinds?: readonly KindInfo[];
  readonly limits?: Partial<RunLimits>;
  /** Calls that are let go only when `count` of them wait: they have to be made at the same time. */
  readonly meet?: CallPattern & { readonly count: number };
  /** Calls of which no more than `most` are under way at a time, and that many at some time. */
  readonly atOnce?: CallPattern & { readonly most: number };
  /** Calls that are never answered. */
  readonly hang?: CallPattern;
  readonly fail?: CallPattern & { readonly error: string; readonly message: string };
  /** Several runs, one after another; or one, with `expect`. */
  readonly runs?: readonly { readonly expect: Expected }[];
  readonly expect?: Expected;
}

/** Whether a mapping is a case, and no definition. */
export function isWorkflowCase(mapping: JsonObject): boolean {
  return mapping.kind === 'WorkflowCase';
}

/** The expectations of a case, run by run. */
export function expectationsOf({ runs, expect }: WorkflowCase): readonly Expected[] {
  const all = [...(runs ?? []).map((run) => run.expect), ...(expect === undefined ? [] : [expect])];
  if (all.length === 0) throw new Error('a case without expectations shows nothing');
  return all;
}
