// How finely to draw while the picture moves, so that it stays fluid where a CPU plays the GPU. At rest the
// divisor is 1, always. Invariant: a divisor changes the pooling level, never skips cells.

/** A frame taking longer than this asks for fewer pixels. */
const SLOW_FRAME_MS = 22;
/** A frame faster than this allows more. */
const FAST_FRAME_MS = 9;
const LARGEST_DIVISOR = 4;
/** Frames to watch before changing the divisor. */
const WATCHED_FRAMES = 4;

/** Chooses the divisor of the drawing resolution from measured frame times. */
export class MotionQuality {
  private recent: number[] = [];

  /** `divisor` to start with: 1 on a GPU, 2 on a software renderer. */
  constructor(private current: number) {}

  /** Drawing resolution while moving is 1 / divisor of the full one. */
  get divisor(): number {
    return this.current;
  }

  /** Tells how long a frame took, in ms, while moving. */
  record(milliseconds: number): void {
    this.recent.push(milliseconds);
    if (this.recent.length < WATCHED_FRAMES) return;
    const median = [...this.recent].sort((a, b) => a - b)[WATCHED_FRAMES >> 1];
    this.recent = [];
    if (median > SLOW_FRAME_MS) this.current = Math.min(LARGEST_DIVISOR, this.current + 1);
    else if (median < FAST_FRAME_MS) this.current = Math.max(1, this.current - 1);
  }
}
