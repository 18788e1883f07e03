import { Subject } from 'rxjs';
import type { RunObserver, RunReport } from '../contracts/run-report.js';
import type { Incident } from '../controller/incident.js';

/** Where a kernel tells what happens in it: reports of runs, and incidents beside them. */
export class Outlets {
  readonly reports = new Subject<RunReport>();
  readonly incidents = new Subject<Incident>();
  #observers: readonly RunObserver[] = [];
  /** What happened before anybody could listen. */
  #early: Incident[] | undefined = [];

  /** Tells observers of runs, too: those of plug-ins, which throw nothing. */
  attach(observers: readonly RunObserver[]): void {
    this.#observers = observers;
  }

  /** Tells what has happened until now, and everything at once from now on. */
  open(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const incident of early) this.incidents.next(incident);
  }

  /** Tells observers and listeners of a run. */
  report(report: RunReport): void {
    for (const observer of this.#observers) observer.onRun(report);
    this.reports.next(report);
  }

  incident(incident: Incident): void {
    if (this.#early === undefined) this.incidents.next(incident);
    else this.#early.push(incident);
  }

  /** Says that nothing more will be told. */
  close(): void {
    this.reports.complete();
    this.incidents.complete();
  }
}
