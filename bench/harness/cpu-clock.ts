/** Milliseconds of CPU time that this process has used, in all its threads: also what the JIT and the garbage collector did meanwhile. */
export function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
