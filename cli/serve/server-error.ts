import { errorMessage, KoreoError } from '../../kernel/index.js';

/** The server of probes and metrics cannot listen where the configuration says. */
export class ServerError extends KoreoError {
  readonly code = 'server';

  constructor(place: string, options: { readonly cause: unknown }) {
    super(`cannot serve probes and metrics on ${place}: ${reason(options.cause)}`, options);
  }
}

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'the port is in use; choose another by `server.port`, or end what uses it';
  if (code === 'EACCES') return 'this user may not use that port; choose one above 1023 by `server.port`';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return 'this machine does not have that address (`server.address`)';
  return errorMessage(error);
}
