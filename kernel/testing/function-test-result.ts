import type { Json } from '../model/json.js';
import type { SourceLocation } from '../model/location.js';
import type { OutcomeType } from '../model/outcome.js';

/** What a case came to; `not-run` after a case that failed and that later ones build on. */
export type CaseVerdict = 'pass' | 'fail' | 'skipped' | 'not-run';

/** Where what a case expected and what it got are not the same. A side that has nothing there is absent. */
export interface CaseDifference {
  /** As in `spec.ports[0].name`; empty for the whole value. */
  readonly path: string;
  readonly expected?: Json;
  readonly actual?: Json;
}

/** The outcome of the Function in one case. */
export interface CaseOutcome {
  readonly type: OutcomeType;
  readonly message?: string;
  /** Seconds, for Retry. */
  readonly delay?: number;
  /** For Ok. */
  readonly value?: Json;
}

/** What one case came to, and why. */
export interface CaseResult {
  readonly label: string;
  readonly variant: boolean;
  readonly location: SourceLocation;
  readonly result: CaseVerdict;
  /** Absent when the Function did not run. */
  readonly outcome?: CaseOutcome;
  readonly differences: readonly CaseDifference[];
  /** Why it failed or did not run, in a sentence. */
  readonly message?: string;
}

/** What a FunctionTest came to, case by case. */
export interface FunctionTestResult {
  readonly name: string;
  readonly namespace: string;
  /** The name of the Function under test. */
  readonly function: string;
  readonly functionKind: 'ValueFunction' | 'ResourceFunction';
  readonly location: SourceLocation;
  readonly cases: readonly CaseResult[];
}
