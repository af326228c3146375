// Work that gives way now and then, for those who do not.

/** Runs a sequence to its end and returns what it comes to. */
export function runToEnd<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
