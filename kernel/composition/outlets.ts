import { Subject } from 'rxjs';
import type { RunObserver, RunReport } from '../contracts/run-report.js';
import type { Incident } from '../controller/incident.js';

/** Where a kernel tells what happens in it: reports of runs, and incidents beside them. */
export class Outlets {
  readonly reports = new Subject<RunReport>();
  readonly incidents = new Subject<Incident>();
  readonly #observers: readonly RunObserver[];

  /** @param observers those of plug-ins, which throw nothing */
  constructor(observers: readonly RunObserver[]) {
    this.#observers = observers;
  }

  /** Tells observers and listeners of a run. */
  report(report: RunReport): void {
    for (const observer of this.#observers) observer.onRun(report);
    this.reports.next(report);
  }

  incident(incident: Incident): void {
    this.incidents.next(incident);
  }

  /** Says that nothing more will be told. */
  close(): void {
    this.reports.complete();
    this.incidents.complete();
  }
}
