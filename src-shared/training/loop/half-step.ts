// A step of which only a part was done: weights, moments, running statistics or averages are changed in place, and an
// error came between the first and the last. What is then on the backend belongs to no step and is never handed out.

/** Training can only go on from weights that were handed out before. The message is the error's that came between. */
export class HalfStep extends Error {
  override readonly name = 'HalfStep';
}
