// How finely the thread's clock tells time: browsers round it, to a tenth of a millisecond or much more.

/** Steps looked at. */
const STEPS = 20;
/** Readings after which a clock that does not move is given up: about a second. */
const MOST_READINGS = 2e7;

/** Smallest step in milliseconds that a clock moves by, seen over a few of them; Infinity for a clock that stands still. */
export function clockStepMs(now: () => number = () => performance.now()): number {
  let smallest = Infinity;
  let last = now();
  for (let readings = 0, steps = 0; readings < MOST_READINGS && steps < STEPS; readings++) {
    const time = now();
    if (time === last) continue;
    // The smallest counts: larger steps were interruptions, not the clock.
    smallest = Math.min(smallest, time - last);
    last = time;
    steps++;
    if (smallest > 20) break; // A clock this coarse needs no second look.
  }
  return smallest;
}
