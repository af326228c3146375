// Why a group of tensors is left as it is. A refusal is an answer of the merge, not a failure of the program.
import { UserError } from '../../../base/user-error';

/** Thrown inside a merge where the group cannot be merged exactly; the message is the reason shown to the user. */
export class Refusal extends UserError {}
