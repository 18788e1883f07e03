/** The official cases that do not pass, each with the reason. A case that is listed here and passes fails the test. */
export const knownFailures: ReadonlyMap<string, string> = new Map([]);
