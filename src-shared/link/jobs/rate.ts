// How fast a job goes, from what it said in the last half minute. Invariant: a pause, and a count that begins again or goes back
// (a training taken back to its last checkpoint), never enter the rate.

/** How far back is looked, in milliseconds. */
const WINDOW = 30_000;

export class Rate {
  private samples: { readonly at: number; readonly done: number }[] = [];

  /** `done` units at `at` milliseconds of a clock that is never set. */
  add(done: number, at: number): void {
    const last = this.samples.at(-1);
    if (last && done < last.done) this.samples = [];
    this.samples.push({ at, done });
    // One sample from before the window stays, so that slow jobs have a rate, too.
    while (this.samples.length > 2 && this.samples[1].at < at - WINDOW) this.samples.shift();
  }

  /** What comes after a pause begins anew. */
  interrupt(): void {
    this.samples = [];
  }

  /** Units per second; null while too little is known. */
  perSecond(): number | null {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last.at <= first.at) return null;
    return ((last.done - first.done) / (last.at - first.at)) * 1000;
  }
}
