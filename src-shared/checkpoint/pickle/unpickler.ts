// Reads a pickle as plain data: an interpreter of its instructions that can build containers, numbers,
// texts and windows on storages, and can do nothing else.
import { Cursor } from './cursor';
import { malformed, type PickleContext, PickleMachine } from './machine';
import { INSTRUCTIONS, STOP } from './opcodes';
import type { PickleValue } from './values';

/** Some forty a tensor: enough for 500 000 tensors. */
const MOST_INSTRUCTIONS = 20_000_000;

/** A pickle's value and the position of the first byte after it. */
export interface Unpickled {
  readonly value: PickleValue;
  readonly end: number;
}

/**
 * Reads one pickle from the start of `bytes`. Throws UserError for what a checkpoint must not or
 * cannot hold, `Truncated` if the bytes end before the pickle does.
 */
export function unpickle(bytes: Uint8Array, context: PickleContext): Unpickled {
  return unpickleAt(new Cursor(bytes), context);
}

/** As `unpickle`, from wherever the cursor reads. */
export function unpickleAt(cursor: Cursor, context: PickleContext): Unpickled {
  const machine = new PickleMachine(cursor, context);
  for (let executed = 0; executed < MOST_INSTRUCTIONS; executed++) {
    const code = machine.cursor.uint8();
    if (code === STOP) return { value: machine.pop(), end: machine.cursor.position };
    const instruction = INSTRUCTIONS.get(code);
    if (!instruction) malformed(`uses instruction 0x${code.toString(16)}, which PyTorch's files do not use`);
    instruction(machine);
  }
  return malformed(`has more than ${MOST_INSTRUCTIONS} instructions; no network needs as many`);
}
