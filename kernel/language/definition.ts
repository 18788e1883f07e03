import type { JsonObject } from '../model/json.js';
import type { SourceLocation } from '../model/location.js';
import type { DefinitionKind } from '../model/names.js';
import type { GroupVersionKind, Resource } from '../model/resource.js';
import type { Expression, Template } from './template.js';

/** A definition named by a constant in another: known when that one is prepared. */
export interface Reference {
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly location: SourceLocation;
  /** For an overlay function: the names of the inputs that it is given; absent when an expression computes them. */
  readonly givenInputs?: readonly string[];
}

/** What every prepared definition has. All of it is immutable. */
export interface Prepared {
  readonly name: string;
  readonly namespace: string;
  /** The store that it came from. */
  readonly store: string;
  readonly location: SourceLocation;
  /** The language of its expressions. */
  readonly language: string;
  readonly references: readonly Reference[];
}

/** A check before or after the work. The first whose `assert` is false decides. */
export interface Predicate {
  readonly assert: Expression;
  readonly verdict: Verdict;
}

/** What a false assert means. Messages are templates that must give a string. */
export type Verdict =
  | { readonly type: 'ok' }
  | { readonly type: 'skip' | 'depSkip' | 'permFail'; readonly message: Template }
  | { readonly type: 'retry'; readonly message: Template; readonly delay: number };

/** The locals of a function, each with the templates that it needs evaluated before. In evaluation order. */
export interface Locals {
  readonly entries: readonly { readonly name: string; readonly template: Template }[];
}

export interface PreparedValueFunction extends Prepared {
  readonly kind: 'ValueFunction';
  readonly preconditions: readonly Predicate[];
  readonly locals: Locals;
  readonly return?: Template;
  /** The names under `inputs` that it reads, but for those that it only asks after with `has`-like guards or defaults. */
  readonly inputNames: readonly string[];
}

/** Which resource a ResourceFunction is about, and how it stands to it. */
export interface ApiConfig extends GroupVersionKind {
  readonly name: Template;
  readonly namespace?: Template;
  readonly plural?: string;
  readonly namespaced: boolean;
  readonly owned: boolean;
  readonly readonly: boolean;
  readonly deleteIfExists: boolean;
  readonly store?: string;
}

/** One overlay of a target. */
export interface Overlay {
  readonly location: SourceLocation;
  readonly skipIf?: Expression;
  readonly body:
    | { readonly type: 'inline'; readonly overlay: Template }
    | { readonly type: 'function'; readonly name: string; readonly inputs?: Template };
}

export interface PreparedResourceFunction extends Prepared {
  readonly kind: 'ResourceFunction';
  readonly preconditions: readonly Predicate[];
  readonly locals: Locals;
  readonly apiConfig: ApiConfig;
  /** What the target is built on; none for functions that only read or delete. */
  readonly base?:
    | { readonly type: 'resource'; readonly resource: Template }
    | { readonly type: 'template'; readonly name: Template };
  readonly overlays: readonly Overlay[];
  readonly create: { readonly enabled: boolean; readonly delay: number; readonly overlay?: Template };
  readonly update: { readonly type: 'patch' | 'recreate'; readonly delay: number } | { readonly type: 'never' };
  /** From `delete`, or its default: destroy what is owned, abandon what is not. Read-only resources are abandoned. */
  readonly onRelease: 'destroy' | 'abandon';
  readonly postconditions: readonly Predicate[];
  readonly return?: Template;
  readonly inputNames: readonly string[];
}

export interface PreparedResourceTemplate extends Prepared {
  readonly kind: 'ResourceTemplate';
  /** Constant and frozen; strings that begin with `=` are just strings. */
  readonly template: Resource;
}

/** A reference to Logic. */
export interface LogicRef {
  readonly kind: 'ValueFunction' | 'ResourceFunction' | 'Workflow';
  readonly name: string;
}

/** Which Logic a step runs. */
export type StepLogic =
  | { readonly type: 'ref'; readonly ref: LogicRef }
  | {
      readonly type: 'switch';
      readonly switchOn: Expression;
      readonly cases: ReadonlyMap<string, LogicRef>;
      readonly default?: LogicRef;
    };

export interface PreparedStep {
  readonly label: string;
  readonly location: SourceLocation;
  readonly logic: StepLogic;
  readonly skipIf?: Expression;
  readonly forEach?: { readonly itemIn: Expression; readonly inputKey: string };
  readonly inputs?: Template;
  readonly condition?: { readonly type: string; readonly name: string };
  readonly state?: Template;
  /** Seconds; the deployment's limit when absent. */
  readonly timeoutSeconds?: number;
  /** Labels of the steps whose values it names; all are listed before it. */
  readonly dependsOn: readonly string[];
}

export interface PreparedWorkflow extends Prepared {
  readonly kind: 'Workflow';
  /** The kind whose resources start it; absent for one that can only be a sub-Workflow. */
  readonly trigger?: GroupVersionKind;
  readonly steps: readonly PreparedStep[];
}

/** What a test case expects. */
export type Expectation =
  | { readonly type: 'resource'; readonly resource: JsonObject }
  | { readonly type: 'return'; readonly value: JsonObject }
  | {
      readonly type: 'outcome';
      readonly outcome: 'Ok' | 'Skip' | 'DepSkip' | 'Retry' | 'PermFail';
      readonly message: string;
      /** Seconds; 0 matches all. */
      readonly delay: number;
    }
  | { readonly type: 'delete'; readonly deleted: boolean };

export interface PreparedTestCase {
  readonly label: string;
  readonly location: SourceLocation;
  readonly variant: boolean;
  readonly skip: boolean;
  readonly inputOverrides?: Template;
  readonly currentResource?: JsonObject;
  readonly overlayResource?: Template;
  readonly expectation: Expectation;
}

export interface PreparedFunctionTest extends Prepared {
  readonly kind: 'FunctionTest';
  readonly functionRef: { readonly kind: 'ValueFunction' | 'ResourceFunction'; readonly name: string };
  readonly inputs?: Template;
  readonly currentResource?: JsonObject;
  readonly cases: readonly PreparedTestCase[];
}

export type PreparedFunction = PreparedValueFunction | PreparedResourceFunction;
export type PreparedLogic = PreparedFunction | PreparedWorkflow;
export type PreparedDefinition = PreparedLogic | PreparedResourceTemplate | PreparedFunctionTest;
