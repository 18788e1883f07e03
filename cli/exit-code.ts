/** What the process ends with. Scripts may rely on it; see docs/cli.md. */
export const ExitCode = {
  ok: 0,
  /** The command did its work, and the answer is no: a test failed, a trigger is not Ready, a resource is not there. */
  failed: 1,
  /** It was asked for something that cannot be: a wrong option, a configuration or definition that cannot be used. */
  usage: 2,
  /** An error of this program (EX_SOFTWARE of sysexits.h). */
  unexpected: 70,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
