// The processors of this host, Node or browser: what threads, of whatever kind, are shared out by.

interface NodeModules {
  getBuiltinModule?(name: string): unknown;
}

/** One of Node's own modules where this is Node. */
export function nodeModule<T>(name: string): T | undefined {
  return (globalThis as { process?: NodeModules }).process?.getBuiltinModule?.(name) as T | undefined;
}

/** Processors this host may use. */
export function allProcessors(): number {
  const { navigator } = globalThis as { navigator?: { readonly hardwareConcurrency?: number } };
  return nodeModule<{ availableParallelism(): number }>('os')?.availableParallelism() ?? navigator?.hardwareConcurrency ?? 1;
}

/** Processors to compute on, at most 8. */
export function processorCount(): number {
  return Math.min(8, allProcessors());
}
