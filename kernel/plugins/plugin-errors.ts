import { StoreError } from '../contracts/store-errors.js';
import { KoreoError } from '../model/errors.js';

/** A plug-in failed amid a call, or is out. The message names it and what was called, and holds no data; `cause` is what it threw. */
export class PluginError extends StoreError {
  readonly code = 'plugin-failed';
  readonly retriable = true;
}

/** A plug-in could not start, and so is out with what it brings; all else goes on. `cause` is what it threw. */
export class PluginStartError extends KoreoError {
  readonly code = 'plugin-start';
}

/** A plug-in could not stop in time, or failed to. `cause` is what it threw. */
export class PluginStopError extends KoreoError {
  readonly code = 'plugin-stop';
}
