import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Programs of an API server in one folder, as envtest lays them out, of any version from 1.20 on. */
export class Assets {
  readonly #flags = new Map<Program, string>();

  private constructor(readonly folder: string) {}

  /** @throws Error that names what the folder lacks */
  static in(folder: string): Assets {
    const assets = new Assets(folder);
    const missing = (['etcd', 'kube-apiserver'] as const).filter((program) => !assets.has(program));
    if (missing.length > 0) throw new Error(`there is no ${missing.join(' and no ')} in KUBEBUILDER_ASSETS=${folder}`);
    return assets;
  }

  has(program: Program): boolean {
    try {
      accessSync(this.path(program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }

  path(program: Program): string {
    return join(this.folder, program);
  }

  /** Whether the program knows a flag, by its help. */
  knows(program: Program, flag: string): boolean {
    let help = this.#flags.get(program);
    if (help === undefined) {
      const { stdout, stderr } = spawnSync(this.path(program), ['--help'], { encoding: 'utf8' });
      help = stdout + stderr;
      this.#flags.set(program, help);
    }
    return new RegExp(`^\\s+(?:-\\w, )?--${flag}\\b(?!-)`, 'm').test(help);
  }

  /** The minor version of the API server (20 for 1.20.2); undefined when it does not say. */
  get minor(): number | undefined {
    try {
      const stdio = ['ignore', 'pipe', 'ignore'] as const;
      const told = execFileSync(this.path('kube-apiserver'), ['--version'], { encoding: 'utf8', stdio: [...stdio] });
      const minor = /v1\.(\d+)/.exec(told)?.[1];
      return minor === undefined ? undefined : Number(minor);
    } catch {
      return undefined;
    }
  }
}

export type Program = 'etcd' | 'kube-apiserver' | 'kube-controller-manager';
