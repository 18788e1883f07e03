import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program that people use with a cluster. */
export type Tool = 'kubectl' | 'helm';

/** What a call came to. */
export interface ToolResult {
  /** 0 when all went well. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to call a tool. */
export interface ToolCall {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** Where `.ci/tools.mjs` puts them; tests are in dist/test when they run. */
const FETCHED = fileURLToPath(new URL('../../../../node_modules/.cache/koreo-tools/', import.meta.url));

/** The one of the variable `KUBECTL` or `HELM`, else one that was fetched, else one on the path. */
export function findTool(tool: Tool): string | undefined {
  const named = process.env[tool.toUpperCase()];
  if (named) return named;
  const folders = [FETCHED, ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, tool)).find(isExecutable);
}

/** Calls it and waits for its end; a code other than 0 is an answer like any other. */
export function callTool(tool: Tool, args: readonly string[], call: ToolCall = {}): Promise<ToolResult> {
  const program = findTool(tool);
  if (program === undefined) throw new Error(`there is no ${tool}`);
  const { cwd, env, input } = call;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { ...(cwd === undefined ? {} : { cwd }), env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
    child.stdin?.on('error', () => undefined).end(input ?? '');
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
