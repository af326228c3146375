// Errors that are the input's fault, not the program's: one clear sentence for the person in front
// of it. The command line prints the message and exits with 2; the window shows it as it is.

/** An error whose message is meant to be read by the user: what was expected, what came, where, what to do. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
