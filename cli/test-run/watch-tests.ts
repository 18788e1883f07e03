import {
  catchError,
  debounceTime,
  EMPTY,
  from,
  fromEvent,
  lastValueFrom,
  type Observable,
  switchMap,
  takeUntil,
  tap,
} from 'rxjs';
import { errorMessage } from '../../kernel/index.js';
import type { Terminal } from '../terminal.js';
import type { TestReport } from '../test-report/test-report.js';

/** An editor may save a file in several steps, and several files at once. */
const SETTLE_MS = 50;

/** What a watch needs: when to run, how to run, and what to do with a report. */
export interface TestWatch {
  readonly terminal: Terminal;
  readonly changes: Observable<unknown>;
  run(): Promise<TestReport>;
  print(report: TestReport): void;
  readonly stop: AbortSignal;
}

/** Runs tests at first and after every change until it is stopped, and gives the last report. A run that is out of date is dropped. */
export function watchTests({ terminal, changes, run, print, stop }: TestWatch): Promise<TestReport | undefined> {
  const tell = (error: unknown) => {
    terminal.note(`${terminal.noteStyle('red', 'error:')} ${errorMessage(error)}`);
    return EMPTY;
  };
  const reports = changes.pipe(
    debounceTime(SETTLE_MS),
    switchMap(() => from(run()).pipe(catchError(tell))),
    tap((report) => {
      print(report);
      if (terminal.showsProgress) terminal.note(terminal.noteStyle('dim', 'waiting for changes; Ctrl+C ends it'));
    }),
    takeUntil(fromEvent(stop, 'abort')),
  );
  return lastValueFrom(reports, { defaultValue: undefined });
}
