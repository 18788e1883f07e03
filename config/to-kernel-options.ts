import type { KernelOptions } from '../kernel/index.js';
import type { LoadedConfig } from './load-config.js';

/** What {@link createKernel} is to be told so that a kernel is as the configuration says. */
export function toKernelOptions({ config, plugins, baseDirectory }: LoadedConfig): KernelOptions {
  const { plugins: _specifiers, server: _server, logging: _logging, leaderElection: _election, ...options } = config;
  return { ...options, plugins, baseDirectory };
}
